import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ANYONE, ask, CANARY, fileOf, open, refusal, shared } from "./support.ts";

const OUT = "/tmp/safe-sql-must-not-be-written.db";

/** Statements that got past a peer, or past a guard of this kind: where it happened, and what was sent. */
const BYPASSES: readonly (readonly [string, string])[] = [
  ["Datadog on server-postgres: COMMIT out of a read-only transaction", "COMMIT; CREATE TABLE pwned (a)"],
  ["executeautomation GHSA-65hm-pwj5-73pw: prefix check and stacked statements", "SELECT 1; DROP TABLE orders"],
  ["dbhub GHSA-j656-3hf2-fvjc: comment swallowed by the check", "SELECT 1--1;DROP TABLE orders\n;DROP TABLE orders"],
  ["dbhub GHSA-mwwr-p57h-56pf: setter pragma", "PRAGMA query_only = 0"],
  ["dbhub 1.4.0: quoted pragma name", 'PRAGMA "journal_mode"(WAL)'],
  ["dbhub 1.4.0: bracketed pragma name", "PRAGMA [journal_mode](WAL)"],
  ["dbhub 0.21.2: locking pragma", 'PRAGMA "locking_mode"(EXCLUSIVE)'],
  ["mcp-sqlite-tools #50: journal mode", "PRAGMA journal_mode = WAL"],
  ["hannesrudolph #8: change behind a CTE", "WITH x AS (SELECT 1) DELETE FROM orders"],
  ["pgEdge #196: leading comment", "/* read */ DELETE FROM orders"],
  ["reflect-open #136: ATTACH counts as read-only", `ATTACH '${OUT}' AS z`],
  ["better-sqlite3 readonly: VACUUM INTO writes a file", `VACUUM INTO '${OUT}'`],
  ["VACUUM of a named schema", `VACUUM main INTO '${OUT}'`],
  ["better-sqlite3: DELETE RETURNING is a reader", "DELETE FROM orders RETURNING *"],
  ["better-sqlite3: EXPLAIN of a change is a reader", "EXPLAIN DELETE FROM orders"],
  ["EXPLAIN shows names of ours", "EXPLAIN SELECT * FROM customers"],
  ["EXPLAIN QUERY PLAN shows names of ours", "/**/ explain -- x\n query plan select * from customers"],
  ["better-sqlite3: BEGIN is readonly", "BEGIN"],
  ["a write transaction locks everyone out", "BEGIN IMMEDIATE"],
  ["SAVEPOINT", "SAVEPOINT a"],
  ["temporary table", "CREATE TEMP TABLE t AS SELECT * FROM customers"],
  ["temporary view shadows a table", "CREATE TEMP VIEW orders AS SELECT 1"],
  ["temporary trigger", "CREATE TEMP TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END"],
  ["schema table", "SELECT sql FROM sqlite_schema"],
  ["schema table by its old name", "SELECT * FROM main.sqlite_master"],
  ["temporary schema table", "SELECT sql FROM sqlite_temp_master"],
  ["statistics hold values", "SELECT * FROM sqlite_stat4"],
  ["pragma as a table", "SELECT * FROM pragma_table_info('salaries')"],
  ["file path by pragma", "SELECT file FROM pragma_database_list"],
  ["pages of the file", "SELECT * FROM sqlite_dbpage"],
  ["page statistics", "SELECT * FROM dbstat"],
  ["insides of a full-text index", "SELECT * FROM notes_content"],
  ["extension", "SELECT load_extension('/tmp/x.so')"],
  ["tokenizer pointer", "SELECT fts3_tokenizer('simple')"],
  ["build options", "SELECT sqlite_compileoption_get(0)"],
  ["identity of the inner hash", "SELECT hash('x')"],
  ["Trend Micro servers#1348: name as SQL", 'SELECT * FROM "t); DROP TABLE orders; --"'],
  ["REINDEX", "REINDEX"],
  ["ANALYZE", "ANALYZE"],
  ["DETACH", "DETACH main"],
  ["a NUL ends what SQLite compiles", "SELECT 1\0; DELETE FROM orders"],
  ["only a comment", "-- nothing"],
  ["empty", ";"],
  ["UPDATE FROM", "UPDATE orders SET total = 0 FROM customers"],
  ["upsert", "INSERT INTO orders VALUES (1, 1, 1, 1) ON CONFLICT DO UPDATE SET total = 0"],
  ["REPLACE", "REPLACE INTO orders VALUES (1, 1, 1, 1)"],
  ["virtual table", "CREATE VIRTUAL TABLE v USING fts5vocab(main, notes, row)"],
  ["writable schema", "PRAGMA writable_schema = 1"],
  ["full-text command", "INSERT INTO notes(notes) VALUES ('rebuild')"],
];

const path = mkdtempSync(join(tmpdir(), "safe-sql-bypass-"));
const file = fileOf(undefined, join(path, "data.db"));
const before = hashOf(file);
const source = shared(undefined, {
  file,
  rules: { tables: { customers: { deny: ["email", "note"] }, orders: {}, notes: {} } },
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

function hashOf(of: string): string {
  return createHash("sha256").update(readFileSync(of)).digest("hex");
}

it.each(BYPASSES)("refuses what got through elsewhere: %s", async (_, sql) => {
  const found = await refusal(ask(source(), sql));
  expect(found.code).not.toBe("answered");
  expect(found.code).not.toBe("unavailable");
  expect(JSON.stringify(found)).not.toContain(CANARY);
  expect(JSON.stringify(found)).not.toContain(path);
  expect(JSON.stringify(found)).not.toMatch(/h[0-9a-f]{32}/);
  expect(hashOf(file)).toBe(before);
  expect(readdirSync(dirname(file))).toEqual(["data.db"]);
  expect(existsSync(OUT)).toBe(false);
});

it("a limit written in hex, or anywhere else, does not raise the cap (dbhub 1.4.0, mcp-sqlite-tools)", async () => {
  const source = await open({ limits: { maxRows: 10 } });
  const many = "with recursive n(i) as (values (1) union all select i + 1 from n limit 0x4e20) select i from n";
  for (const sql of [many, `${many} limit 0x4e20`, `${many} --`, `${many} /* limit 5 */`]) {
    expect((await ask(source, sql)).rows).toHaveLength(10);
  }
});

it("a table name in describe is looked up and never becomes SQL (servers#1348, CVE-2026-5322)", async () => {
  const source = await open();
  const found = await refusal(source.describeTable("customers); DROP TABLE orders; --", ANYONE));
  expect(found.code).toBe("unknown_name");
  expect((await source.sampleRows("orders", { caller: ANYONE })).rows).toHaveLength(3);
});
