import { constants, DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { ask, CANARY, refusal, rows, SHOP, shared } from "./support.ts";

const ORACLE = `natural join (select '${CANARY}-ada@example.org' as email)`;

it("SQLite tells an authorizer nothing of columns matched by NATURAL JOIN and USING: the obvious gate is beaten", () => {
  const database = new DatabaseSync(":memory:");
  database.exec(SHOP);
  const reads: (string | null)[] = [];
  database.setAuthorizer((action, table) => {
    if (action === constants.SQLITE_READ) {
      reads.push(table);
    }
    return action === constants.SQLITE_READ ? constants.SQLITE_DENY : constants.SQLITE_OK;
  });
  expect(database.prepare(`select count(*) as n from main.customers ${ORACLE}`).get()?.["n"]).toBe(1);
  expect(reads).toEqual([]);
});

const source = shared(undefined, { rules: { tables: { customers: { mask: { email: "hash" } }, orders: {} } } });

it.each([
  `select count(*) from salaries natural join (select '${CANARY}' as person)`,
  `select count(*) from main.salaries join (select '${CANARY}' as person) using (person)`,
  "select count(*) from sqlite_schema natural join (select 'salaries' as name)",
  "select count(*) from sqlite_temp_schema natural join (select 'salaries' as name)",
  "select count(*) from sqlite_stat1 natural join (select 'salaries' as tbl)",
  `select count(*) from "sqlite_stat1" join (select 'salaries' as tbl) using (tbl)`,
  "select count(*) from pragma_table_list natural join (select 'salaries' as name)",
  "select count(*) from pragma_database_list natural join (select 'main' as name)",
  "select count(*) from dbstat natural join (select 'salaries' as name)",
  "select count(*) from notes_content natural join (select 1 as id)",
])("refuses %s", async (sql) => {
  expect(["unknown_name", "denied", "not_a_read"]).toContain((await refusal(ask(source(), sql))).code);
});

it("matches a masked column by USING only in its masked form", async () => {
  expect(await rows(source(), `select count(*) from customers ${ORACLE}`)).toEqual([[0]]);
  expect(await rows(source(), `select count(*) from main.customers ${ORACLE}`)).toEqual([[0]]);
  expect(await rows(source(), "select count(*) from temp.customers a join main.customers using (email)")).toEqual([
    [3],
  ]);
  expect(await rows(source(), "select count(*) from customers a join customers b using (email)")).toEqual([[3]]);
});
