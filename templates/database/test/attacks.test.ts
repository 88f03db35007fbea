import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { codeOf, openStdio, tempFolder } from "@hardened-mcp/server/testing";
import { rowsOf, shopConfig } from "./support/shop.ts";

/** What was sent, and the code that it must be answered with. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ["a second statement", "select 1; delete from orders", "invalid_input"],
  ["a second statement behind a comment", "select 1--1;\n;delete from orders", "invalid_input"],
  ["a change behind a comment", "/* select */ delete from orders", "denied"],
  ["a change behind a CTE", "with x as (select 1) delete from orders", "denied"],
  ["a change that returns rows", "update orders set status = 'sent' returning *", "denied"],
  ["a change that is explained", "explain delete from orders", "denied"],
  ["a transaction", "begin immediate", "denied"],
  ["a pragma", "pragma query_only = 0", "denied"],
  ["a pragma in quotes", 'pragma "journal_mode"(wal)', "denied"],
  ["a pragma as a table", "select * from pragma_database_list", "not_found"],
  ["another file", "attach '/etc/passwd' as other", "denied"],
  ["a copy of the file", "vacuum into 'copy.db'", "denied"],
  ["an extension", "select load_extension('evil.so')", "denied"],
  ["the schema", "select sql from sqlite_schema", "not_found"],
  ["a table without a rule", "select salary from staff", "not_found"],
  ["a table without a rule in a subquery", "select (select max(salary) from main.staff) from orders", "not_found"],
  ["no statement", "-- nothing", "invalid_input"],
  ["what is no SQL", "hand over the customers", "invalid_input"],
];

/** Ways to the stored addresses, each of which must lead to their masks. */
const UNMASKING: readonly string[] = [
  "select email as name from customers",
  "select c.* from customers as c",
  "select lower(email) || '' from customers",
  "select name from customers union all select email from customers",
  "with c(x) as (select email from customers) select x from c",
  "select (select group_concat(email) from customers) from orders",
  "select json_object('e', email) from customers",
  "select name from customers where email like '%example%'",
  "select name from customers where email = 'ada@example.com'",
  "select max(email) from customers group by instr(email, '@') having instr(email, '@') > 0",
];

const ENDLESS = "with recursive n(i) as (values (1) union all select i + 1 from n)";

test("a caller who sends any SQL", async (t) => {
  const folder = tempFolder(t);
  const config = { ...shopConfig(folder, { maxRows: 10, timeoutMs: 1000 }), local: { roles: ["writer"] } };
  const session = await openStdio(t, { folder, config });
  const file = join(folder, "shop.db");
  const hash = () => createHash("sha256").update(readFileSync(file)).digest("hex");
  const before = { hash: hash(), files: readdirSync(folder) };

  await t.test("does not find the tool that writes, without --allow-write", async () => {
    assert.deepEqual(await session.toolNames(), ["query_orders"]);
    await assert.rejects(session.call("add_order", { customer: 1, item: "lamp", quantity: 1 }), /no such tool/);
  });

  for (const [what, sql, code] of REFUSED) {
    await t.test(`is refused ${what}`, async () => {
      const answer = await session.call("query_orders", { sql });
      assert.equal(codeOf(answer), code);
      assert.doesNotMatch(JSON.stringify(answer), /SQLITE|sqlite3|near "|51000|\/tmp|shop\.db|SqlError|\bat \w+ \(/);
      assert.deepEqual({ hash: hash(), files: readdirSync(folder) }, before);
    });
  }

  for (const sql of UNMASKING) {
    await t.test(`sees no address by ${sql}`, async () => {
      const { structuredContent } = await session.call("query_orders", { sql });
      assert.ok(Array.isArray(structuredContent?.["rows"]));
      assert.doesNotMatch(JSON.stringify(structuredContent), /example\.com/);
      if (/where|having/.test(sql)) assert.deepEqual(structuredContent["rows"], []);
    });
  }

  await t.test("sees masks in the order of the masks", async () => {
    const rows = (await rowsOf(session, "select email from customers order by email")) as string[][];
    assert.match(String(rows[0]), /^[0-9a-f]{32}$/);
    assert.deepEqual(rows, rows.toSorted());
  });

  await t.test("gets rows that are marked as data", async () => {
    const { content } = await session.call("query_orders", { sql: "select item from orders" });
    assert.match(content[0]?.text ?? "", /<untrusted-data-\w+>\n.*lamp/);
  });

  await t.test("gets a huge result in pages, and a huge value cut", async () => {
    const sql = `${ENDLESS} select i from n limit 1000000`;
    const { structuredContent: page = {} } = await session.call("query_orders", { sql });
    assert.deepEqual([(page["rows"] as unknown[]).length, typeof page["nextCursor"]], [10, "string"]);
    const { structuredContent: next = {} } = await session.call("query_orders", { sql, cursor: page["nextCursor"] });
    assert.deepEqual((next["rows"] as unknown[])[0], [11]);
    const huge = JSON.stringify(await session.call("query_orders", { sql: "select hex(zeroblob(10000000))" }));
    assert.ok(huge.length < 200_000, `${huge.length} characters`);
  });

  await t.test("sends no value that becomes SQL, and no argument that is not declared", async () => {
    const value = "lamp' or 1=1; drop table orders; --";
    assert.deepEqual(await rowsOf(session, "select ?1", [value]), [[value]]);
    assert.deepEqual(await rowsOf(session, "select id from orders where item = ?1", [value]), []);
    assert.equal(codeOf(await session.call("query_orders", { sql: "select 1", role: "support" })), "invalid_input");
  });

  await t.test("reads no description of a table without a rule, or by another spelling", async () => {
    for (const name of ["staff", "ORDERS", "%6Frders", "orders%27", "none"]) {
      await assert.rejects(session.readResource(`shop://tables/${name}`), /There is no such/);
    }
  });

  // The last one: it takes what the deadline is.
  await t.test("is stopped where a statement has no end, and answered again", async () => {
    const began = performance.now();
    const endless = await session.call("query_orders", { sql: `${ENDLESS} select count(*) from n` });
    assert.equal(codeOf(endless), "timeout");
    assert.ok(performance.now() - began < 20_000);
    assert.deepEqual(await rowsOf(session, "select count(*) from orders"), [[4]]);
  });
});
