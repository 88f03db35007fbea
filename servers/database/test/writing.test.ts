import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { code, type Opening, openShop, type Session, structured } from "./support/session.ts";

const count = "select count(*) from orders";
const insert = { sql: "insert into orders (customer_id, note) values (?, ?)", params: [1, "new"] };
const remove = { sql: "delete from orders where id = ?", params: [1] };
const replace = {
  sql: "insert into orders (id, note) values (1, 'x') on conflict (id) do update set note = excluded.note",
};

/** Every call of `execute` on record, with the effect it was decided as. */
const effects = (folder: TestFolder, type: string): unknown[] =>
  folder
    .records()
    .filter((record) => record.type === type && (record["tool"] as { name: string }).name === "execute")
    .map((record) => (record["tool"] as { effect: string }).effect);

async function withPolicy<T>(
  policy: string | undefined,
  use: (session: Session, folder: TestFolder) => Promise<T>,
  opening: Opening = {},
) {
  const folder = testFolder();
  const args = policy === undefined ? [] : ["--policy", folder.write("policy.cedar", policy)];
  try {
    const session = await openShop(folder, { ...opening, args: ["--allow-write", ...args] });
    try {
      await use(session, folder);
    } finally {
      await session[Symbol.asyncDispose]();
    }
    return folder;
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

describe("execute", () => {
  it("is not there without --allow-write, whatever the rules say", async () => {
    using folder = testFolder();
    await using session = await openShop(folder, { shop: { rules: { tables: { orders: { write: ["insert"] } } } } });
    expect((await session.listTools()).map(({ name }) => name)).not.toContain("execute");
    await expect(session.call("execute", insert)).rejects.toThrow();
    expect(folder.value(count)).toBe(2500);
  });

  it("is listed as what destroys, runs what only adds, and asks a person about the rest", async () => {
    using folder = await withPolicy(undefined, async (session, { value }) => {
      const tool = (await session.listTools()).find(({ name }) => name === "execute");
      expect(tool).toMatchObject({ annotations: { readOnlyHint: false, destructiveHint: true } });
      expect(structured(await session.call("execute", insert))).toMatchObject({
        statement: "insert",
        table: "orders",
        changedRows: 1,
      });
      expect(value(count)).toBe(2501);
      for (const change of [remove, replace]) expect(await code(session, "execute", change)).toBe("approval_required");
      expect(value(count)).toBe(2501);
      expect(value("select note from orders where id = 1")).toBe("note 1");
    });
    expect(effects(folder, "call.intent")).toEqual(["write"]);
    expect(effects(folder, "call.refused")).toEqual(["destroy", "destroy"]);
  });

  it("can be allowed to add and not to destroy, and stays in sight", async () => {
    const policy = `permit (principal, action in Action::"read", resource);\npermit (principal, action in Action::"write", resource);`;
    using _ = await withPolicy(policy, async (session, { value }) => {
      expect((await session.listTools()).map(({ name }) => name)).toContain("execute");
      expect(await code(session, "execute", insert)).toBe("ok");
      expect(await code(session, "execute", remove)).toBe("denied");
      expect(await code(session, "execute", replace)).toBe("denied");
      expect(value(count)).toBe(2501);
    });
  });

  const ALL = `@approval("none") permit (principal, action, resource);`;

  describe("where all is allowed", () => {
    let folder: TestFolder;
    let session: Session;
    beforeAll(async () => {
      folder = testFolder();
      session = await openShop(folder, { args: ["--allow-write", "--policy", folder.write("policy.cedar", ALL)] });
    });
    afterAll(async () => {
      await session[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    });

    it.each([
      ["every row, unless that is meant", { sql: "delete from secrets" }, "invalid_input"],
      ["more rows than the source allows", { sql: "update orders set note = '' where id < 2000" }, "too_large"],
      ["what a constraint refuses", { sql: "insert into customers (name) values (null)" }, "conflict"],
      ["what reads", { sql: "select 1" }, "denied"],
      ["what changes the schema", { sql: "drop table orders" }, "denied"],
      ["two statements", { sql: "delete from orders where id = 1; delete from orders where id = 2" }, "invalid_input"],
      ["another source", { ...insert, source: "other" }, "invalid_input"],
    ])("undoes or refuses %s", async (_, args, expected) => {
      const { value } = folder;
      const before = value("select sum(id) || group_concat(note) from orders");
      expect(await code(session, "execute", args)).toBe(expected);
      expect(value("select sum(id) || group_concat(note) from orders")).toBe(before);
      expect(value("select count(*) from customers")).toBe(2);
    });

    it("changes what a policy lets it change, and says how many rows", async () => {
      const { value } = folder;
      expect(structured(await session.call("execute", { sql: "delete from orders where id <= 10" }))).toMatchObject({
        statement: "delete",
        changedRows: 10,
      });
      const returned = await session.call("execute", {
        sql: "update orders set note = ? where id = 11 returning id, note",
        params: ["changed"],
      });
      expect(structured(returned)).toMatchObject({ changedRows: 1, returned: { rows: [[11, "changed"]] } });
      expect(value(count)).toBe(2490);
    });

    it("touches every row where that is said", async () => {
      const { value } = folder;
      const all = { sql: "update customers set tenant = 'one'", everyRow: true };
      expect(structured(await session.call("execute", all))).toMatchObject({ changedRows: 2 });
      expect(value("select count(*) from customers where tenant = 'one'")).toBe(2);
    });
  });

  it("changes only what the rules of the source name", async () => {
    const rules = { tables: { orders: { write: ["insert"] }, customers: {} } };
    using _ = await withPolicy(
      ALL,
      async (session, { value }) => {
        expect(await code(session, "execute", insert)).toBe("ok");
        expect(await code(session, "execute", remove)).toBe("denied");
        expect(await code(session, "execute", { sql: "insert into customers (name) values ('x')" })).toBe("denied");
        expect(await code(session, "execute", { sql: "insert into secrets (word) values ('x')" })).not.toBe("ok");
        expect(value("select count(*) from customers")).toBe(2);
      },
      { shop: { rules } },
    );
  });

  it("is not there where no source is writable", async () => {
    using _ = await withPolicy(
      ALL,
      async (session) => expect((await session.listTools()).map(({ name }) => name)).not.toContain("execute"),
      { shop: { writable: false } },
    );
  });
});

describe("a saved query that changes data", () => {
  const queries = {
    add_note: {
      sql: "insert into orders (customer_id, note) values (?1, ?2)",
      description: "Adds an order.",
      changes: true,
      params: { customer: { type: "integer" }, note: { type: "string" } },
    },
    forget: {
      sql: "delete from orders where id = ?1",
      description: "Deletes an order.",
      changes: true,
      params: { id: { type: "integer" } },
    },
  };

  it("has the effect that the database finds, and a scope of its own", async () => {
    using folder = await withPolicy(
      undefined,
      async (session, { value }) => {
        const tools = await session.listTools();
        const hint = (name: string) =>
          (tools.find((tool) => tool.name === name) as { annotations?: { destructiveHint: boolean } }).annotations
            ?.destructiveHint;
        expect([hint("add_note"), hint("forget")]).toEqual([false, true]);
        expect(tools.map(({ name }) => name)).not.toContain("execute");
        expect(structured(await session.call("add_note", { customer: 1, note: "new" }))).toMatchObject({
          changedRows: 1,
        });
        expect(await code(session, "forget", { id: 1 })).toBe("approval_required");
        expect(value(count)).toBe(2501);
      },
      { config: { queries, freeSql: false } },
    );
    const calls = folder.records().filter(({ type }) => type.startsWith("call."));
    expect(JSON.stringify(calls)).not.toMatch(/delete from|insert into/);
  });

  it("is not run once the schema has made something else of it", async () => {
    using _ = await withPolicy(
      undefined,
      async (session, folder) => {
        expect(await code(session, "add_note", { customer: 1, note: "new" })).toBe("ok");
        // The operator's insert now deletes, which nobody was asked about.
        folder.run("create trigger sly after insert on orders begin delete from customers; end");
        expect(await code(session, "add_note", { customer: 1, note: "new" })).not.toBe("ok");
        expect(folder.value("select count(*) from customers")).toBe(2);
        expect(folder.value(count)).toBe(2501);
      },
      { config: { queries } },
    );
  });
});
