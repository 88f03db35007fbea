import { spawnSync } from "node:child_process";
import { ConfigError } from "@hardened-mcp/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../src/config/schema.ts";
import { checkQueries } from "../src/sources/check-queries.ts";
import { openSources } from "../src/sources/open-sources.ts";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { CLI, code, openShop, type Session, structured } from "./support/session.ts";

const queries = {
  orders_of: {
    sql: "select o.id, o.total from orders o join customers c on c.id = o.customer_id where c.name = ?1 and o.total >= ?2 and ?1 is not null order by o.id",
    description: "Orders of one customer, by name.",
    params: {
      customer: { type: "string", maxLength: 20, description: "Name of the customer." },
      least: { type: "number", min: 0, default: 0 },
    },
    scope: "shop:orders",
    maxRows: 3,
  },
  by_kind: {
    sql: "select ?1 as kind, ?2 as day, ?3 as flag, ?4 as missing",
    description: "One of every kind of parameter.",
    params: {
      kind: { type: "string", enum: ["big", "small"] },
      day: { type: "date" },
      flag: { type: "boolean", default: true },
      missing: { type: "integer", optional: true },
    },
  },
};

describe("a saved query", () => {
  let folder: TestFolder;
  let session: Session;
  beforeAll(async () => {
    folder = testFolder();
    session = await openShop(folder, { config: { queries, freeSql: false } });
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it("is a tool of its own, with typed arguments", async () => {
    const tool = (await session.listTools()).find(({ name }) => name === "orders_of");
    expect(tool).toMatchObject({
      description: "Orders of one customer, by name.",
      annotations: { readOnlyHint: true },
      inputSchema: {
        properties: {
          customer: { type: "string", maxLength: 20, description: "Name of the customer." },
          least: { type: "number", minimum: 0, default: 0 },
        },
        required: ["customer"],
        additionalProperties: false,
      },
    });
  });

  it("is all there is where free SQL is off", async () => {
    expect((await session.listTools()).map(({ name }) => name)).toEqual([
      "list_sources",
      "list_tables",
      "describe_table",
      "sample_rows",
      "search_schema",
      "orders_of",
      "by_kind",
    ]);
    for (const name of ["query", "explain_query", "execute"]) {
      await expect(session.call(name, { sql: "select 1" })).rejects.toThrow();
    }
  });

  it("binds its arguments, in pages no larger than it says", async () => {
    const first = structured(await session.call("orders_of", { customer: "Ada", limit: 1000 }));
    expect(first).toMatchObject({
      rows: [
        [2, 20],
        [4, 40],
        [6, 60],
      ],
      rowCount: 3,
    });
    const cursor = first["nextCursor"];
    const second = structured(await session.call("orders_of", { customer: "Ada", cursor }));
    expect(second["rows"]).toEqual([
      [8, 80],
      [10, 100],
      [12, 120],
    ]);
    expect(structured(await session.call("orders_of", { customer: "' or 1=1 --" }))["rows"]).toEqual([]);
  });

  it("takes every kind of parameter, defaults and what is left out included", async () => {
    expect(structured(await session.call("by_kind", { kind: "big", day: "2026-02-28" }))["rows"]).toEqual([
      ["big", "2026-02-28", 1, null],
    ]);
  });

  it.each([
    ["a missing one", "orders_of", {}],
    ["a wrong type", "orders_of", { customer: 7 }],
    ["a long one", "orders_of", { customer: "x".repeat(21) }],
    ["one too small", "orders_of", { customer: "Ada", least: -1 }],
    ["one of its own making", "orders_of", { customer: "Ada", sql: "select 1" }],
    ["what is not listed", "by_kind", { kind: "huge", day: "2026-02-28" }],
    ["no date", "by_kind", { kind: "big", day: "2026-02-30" }],
    ["half an integer", "by_kind", { kind: "big", day: "2026-02-28", missing: 1.5 }],
  ])("refuses %s", async (_, name, args) => expect(await code(session, name, args)).toBe("invalid_input"));

  it("does not take the cursor of another, or of other arguments", async () => {
    const cursor = structured(await session.call("orders_of", { customer: "Ada" }))["nextCursor"];
    expect(await code(session, "orders_of", { customer: "Bob", cursor })).toBe("invalid_input");
  });
});

describe("rules", () => {
  it("hold for saved queries too", async () => {
    using folder = testFolder();
    await using session = await openShop(folder, {
      config: { queries: { names: { sql: "select name, email from customers", description: "x" } } },
      shop: { rules: { tables: { customers: { mask: { email: "null" } } } } },
    });
    expect(structured(await session.call("names", {}))["rows"]).toEqual([
      ["Ada", null],
      ["Bob", null],
    ]);
  });
});

describe("a start", () => {
  const start = async (query: object, shop: object = {}) => {
    using folder = testFolder();
    const config = configSchema.parse({
      sources: { shop: { type: "sqlite", file: folder.shop, ...shop } },
      queries: { broken: { description: "x", ...query } },
    });
    const { sources, close } = await openSources(config);
    return await checkQueries(config, sources).finally(close);
  };

  it.each<[string, object, string, object?]>([
    ["that is no SQL", { sql: "selec 1" }, "not valid SQL"],
    ["of what is not there", { sql: "select * from odrers" }, "did you mean orders?"],
    [
      "of what may not be read",
      { sql: "select email from customers" },
      "queries.broken",
      { rules: { tables: { orders: {} } } },
    ],
    ["of two statements", { sql: "select 1; select 2" }, "exactly one statement"],
    ["with a parameter too few", { sql: "select ?1, ?2", params: { a: { type: "string" } } }, "parameters do not fit"],
    [
      "with a default that is none of its values",
      { sql: "select ?1", params: { kind: { type: "string", enum: ["big"], default: "huge" } } },
      "params.kind: the default is no value",
    ],
    [
      "with a default that is no date",
      { sql: "select ?1", params: { day: { type: "date", default: "yesterday" } } },
      "params.day: the default is no value",
    ],
    [
      "with a default below its least value",
      { sql: "select ?1", params: { least: { type: "integer", min: 5, default: 1 } } },
      "params.least: the default is no value",
    ],
    [
      "with bounds that nothing lies between",
      { sql: "select ?1", params: { least: { type: "integer", min: 5, max: 1 } } },
      "params.least: min is greater than max",
    ],
    ["that changes data, and does not say so", { sql: "delete from orders" }, '"changes": true'],
  ])("is refused with a saved query %s", async (_, query, message, shop) => {
    const error: unknown = await start(query, shop).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ exitCode: 78, message: expect.stringMatching(/^queries\.broken/) });
    expect((error as ConfigError).message).toContain(message);
  });

  it("is refused with a saved query under the name of a tool", () => {
    using folder = testFolder();
    const config = folder.write("config.json", {
      sources: { shop: { type: "sqlite", file: folder.shop } },
      queries: { list_tables: { sql: "select 1", description: "x" } },
    });
    const { status, stderr } = spawnSync(process.execPath, [CLI, "--audit-dir", folder.audit, "--config", config], {
      encoding: "utf8",
      input: "",
    });
    expect(stderr).toContain("a tool of this server has that name");
    expect(status).toBe(78);
  });

  it("leaves out saved queries that change data, without --allow-write", async () => {
    using folder = testFolder();
    const insert = {
      sql: "insert into orders (note) values (?1)",
      description: "x",
      changes: true,
      params: { note: { type: "string" } },
    };
    await using session = await openShop(folder, { config: { queries: { add_note: insert } } });
    await expect(session.call("add_note", { note: "x" })).rejects.toThrow();
  });
});
