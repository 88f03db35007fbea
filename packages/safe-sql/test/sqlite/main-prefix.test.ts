import { describe, expect, it } from "vitest";
import { ANYONE, ask, CANARY, fileOf, open, refusal, rows, SHOP, shared } from "./support.ts";

const MORE = `${SHOP} create table main_log (main text, n int); insert into main_log values ('main', 1);`;
const source = shared(MORE);

it.each([
  ["select count(*) from main.orders", 3],
  ['select count(*) from "main"."orders"', 3],
  ["select count(*) from [main].orders as o", 3],
  ["select count(*) from MAIN . /* here */ Orders", 3],
  ["select count(*) from `main`.`orders` where placed <> 'main.orders'", 3],
  ["select count(main.orders.id) from main.orders where main.orders.id > 1", 2],
  ["select sum(o.total) from main.orders o join main.customers c on c.id = o.customer_id where c.name = 'Ada'", 13.5],
  ['select max(o.id) from customers c join"main".orders o on o.customer_id = c.id', 3],
  ["select 'main.orders'", "main.orders"],
  ["select n from main.main_log where main_log.n = 1", 1],
  ["select count(*) from main.names", 3],
  ["with recent as (select * from main.orders where id > 1) select count(*) from recent", 2],
])("reads what the rules leave open as main, too: %s", async (sql, value) => {
  expect(await rows(source(), sql)).toEqual([[value]]);
});

it.each([
  ["a CTE has the table's name", "with orders as (select 1 as id) select count(*) from main.orders"],
  [
    "a CTE with columns has it",
    "with o as (select 1), orders(id) as not materialized (select 2) select id from main.orders",
  ],
  ["a CTE is called main", "with main as (select 1 as orders) select main.orders from main, main.orders as o"],
  ["an alias is main", "select main.orders from (select 7 as orders) main, main.orders o"],
  ["an alias in single quotes is main", "select main.orders from (select 7 as orders) 'main', main.orders o"],
  ["a column is main", "select main from main.main_log"],
])("refuses main, and does not guess, where %s", async (_, sql) => {
  expect((await refusal(ask(source(), sql))).code).toBe("unknown_name");
});

it("leaves a statement alone in which main is a name of the caller's", async () => {
  expect(await rows(source(), "select main.orders from (select 7 as orders) as main")).toEqual([[7]]);
  expect(await rows(source(), "with main(orders) as (select 8) select main.orders from main")).toEqual([[8]]);
});

describe("under rules, main leads to nothing else", () => {
  const ruled = shared(undefined, {
    rules: { tables: { customers: { deny: ["note"], mask: { email: "null" }, filter: "id < 3" }, orders: {} } },
  });

  it("than what the name alone leads to", async () => {
    expect(await rows(ruled(), "select * from main.customers")).toEqual([
      [1, "Ada", null, 1],
      [2, "Bob", null, 2],
    ]);
    expect(await rows(ruled(), "select main.customers.email from main.customers where id = 1")).toEqual([[null]]);
    expect((await refusal(ask(ruled(), "select main.customers.note from main.customers"))).code).toBe("unknown_name");
  });

  it("and a hidden table is as absent as one that never was", async () => {
    const found = (table: string) => refusal(ask(ruled(), `select * from main.orders, main.${table}`));
    expect(await found("salaries")).toEqual({ code: "unknown_name", hint: "salaries" });
    expect(await found("celeries")).toEqual({ code: "unknown_name", hint: "celeries" });
    for (const hidden of ["sqlite_schema", "sqlite_master", "notes_content", "sqlite_stat1", "pragma_table_list"]) {
      expect((await found(hidden)).code).not.toBe("answered");
    }
  });

  it.each([
    // Texts that a tokenizer may take for something else: whatever it makes of them, SQLite judges what comes out.
    `select '' main.customers.note from main.customers`,
    `select "main"".customers".note from main.customers`,
    "select 'main.' || note from main.customers -- '",
    "select 1 /* main.customers */ from main.salaries",
    "select [main.customers].note from main.customers",
    "select 'it''s main.customers' from main.customers union select note from main.customers",
    "select * from main.main.customers",
    `select * from ${"main.".repeat(5000)}customers`,
    `select * from main.customers where name = '${"''".repeat(20_000)}`,
    `select * from main.customers /*${"/*".repeat(20_000)}`,
  ])("whatever the text: %.60s", async (sql) => {
    const found = await ask(ruled(), sql).catch((error) => ({ message: error.message, hint: error.hint, rows: [] }));
    expect(JSON.stringify(found)).not.toContain(CANARY);
    expect(JSON.stringify(found)).not.toMatch(/h[0-9a-f]{32}/);
    expect(JSON.stringify(found.rows)).not.toContain("Cy");
  });
});

it("explains and changes main as well", async () => {
  const writer = await open({ file: fileOf(), writable: true });
  const { reads } = await writer.explain({ sql: "select id from main.orders", caller: ANYONE });
  expect(reads).toEqual([{ table: "orders", columns: ["id"] }]);
  const sql = "update main.orders set total = 1 where id = 2";
  expect(await writer.forecast({ sql, caller: ANYONE })).toMatchObject({ effect: "destroy", table: "orders" });
  expect(await writer.execute({ sql, caller: ANYONE })).toMatchObject({ changedRows: 1 });
});
