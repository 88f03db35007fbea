import { beforeAll, describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { openShop } from "./support/session.ts";

type Args = { readonly plain?: Record<string, string>; readonly hashed?: Record<string, string> };

const SQL = "select 'canary-literal', name from customers where name <> ?";

/** A call that succeeds, one that is refused, and one about a table; then what the log holds. */
async function used(config: Record<string, unknown> = {}) {
  using folder = testFolder();
  {
    await using session = await openShop(folder, { config });
    await session.call("query", { sql: SQL, params: ["canary-param"] });
    await session.call("query", { sql: SQL, params: ["canary-other"] });
    await session.call("query", { sql: "select * from canary_table" });
    await session.call("describe_table", { table: "customers" });
    await session.readResource("database://shop/customers");
  }
  return folder.records();
}

const QUERIES = { saved: { sql: "select 'canary-saved' as word", description: "A word." } };

describe("the audit log", () => {
  let records: Awaited<ReturnType<typeof used>>;
  beforeAll(async () => {
    records = await used({ queries: QUERIES });
  });

  it("holds no statement, no parameter and no cell, and lets equal statements be matched", () => {
    expect(JSON.stringify(records)).not.toMatch(/canary|select|Ada/);
    const asked = records.filter(
      ({ type, tool }) => type === "call.intent" && (tool as { name: string }).name === "query",
    );
    const args = asked.map((record) => record["args"] as Args);
    expect(args.map(({ plain }) => plain)).toEqual([{ source: "shop" }, { source: "shop" }, { source: "shop" }]);
    expect(new Set(args.map(({ hashed }) => hashed?.["sql"])).size).toBe(2);
    expect(args[0]?.hashed?.["sql"]).toBe(args[1]?.hashed?.["sql"]);
    expect(args[0]?.hashed?.["params"]).not.toBe(args[1]?.hashed?.["params"]);
  });

  it("names source and table", () => {
    const args = (name: string) =>
      records.find(({ type, tool }) => type === "call.intent" && (tool as { name: string }).name === name)?.["args"];
    expect(args("describe_table")).toMatchObject({ plain: { source: "shop", table: "customers" } });
    expect(args("table")).toMatchObject({ plain: { source: "shop", table: "customers" } });
  });

  it("says by which rule a statement was refused, in our words", () => {
    expect(records.filter(({ type }) => type === "call.outcome").map(({ detail }) => detail)).toContainEqual({
      step: "run",
      rule: "sql/unknown_name",
    });
  });

  it("holds statements where the operator asks for them, and still no parameter", async () => {
    const text = JSON.stringify(await used({ auditSql: "plain", queries: QUERIES }));
    expect(text).toContain("canary-literal");
    expect(text).toContain("canary-saved");
    expect(text).not.toMatch(/canary-param|canary-other/);
  });
});
