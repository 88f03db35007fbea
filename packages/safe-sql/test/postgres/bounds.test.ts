import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryRequest, ResultPage, SqlSource } from "../../src/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, openRight, SAMPLE } from "./support/sample.ts";

const RUNAWAY = "select count(*) from orders a, orders b, orders c";

let server: TestPostgres;
let source: SqlSource;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
  await server.admin(
    "alter role reader set statement_timeout = 0; create table words (word text primary key, n int); insert into words select 'w' || i, i from generate_series(1, 50) i; grant select on words, orders to reader",
  );
  await server.admin(
    "create table heirs (id int primary key, t text); create table heir () inherits (heirs); insert into heirs values (1, 'a'), (2, 'b'); insert into heir values (1, 'c'), (2, 'd'); grant select on heirs to reader",
  );
  source = await openRight(server);
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const query = (sql: string, more: Partial<QueryRequest> = {}): Promise<ResultPage> =>
  source.query({ sql, caller: CALLER, ...more });

async function running(): Promise<number> {
  const { rows } = await server.admin(
    "select count(*) from pg_stat_activity where usename = 'reader' and state <> 'idle'",
  );
  return Number(rows[0].count);
}

/** Backends that work for nobody, once they had a moment to notice. */
async function runningAfter(ms: number): Promise<number> {
  const end = performance.now() + ms;
  while ((await running()) > 0 && performance.now() < end);
  return running();
}

describe("time", () => {
  it("stops a runaway at its deadline, in the database, too, and serves the next", async () => {
    const late: number[] = [];
    for (let round = 0; round < 5; round++) {
      await query("select 1");
      const started = performance.now();
      await expect(query(RUNAWAY, { timeoutMs: 150 })).rejects.toMatchObject({ code: "timeout" });
      late.push(performance.now() - started - 150);
    }
    // The quickest of five: a busy machine delays any timer.
    expect(Math.min(...late)).toBeLessThan(50);
    expect(await runningAfter(500)).toBe(0);
    expect((await query("select 1")).rows).toEqual([[1]]);
  });

  it("stops what its caller has left, in the database, too", async () => {
    const left = new AbortController();
    const asked = query(RUNAWAY, { signal: left.signal });
    while ((await running()) === 0);
    left.abort();
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
    expect(await runningAfter(500)).toBe(0);
  });

  it("does not let a late order to stop hit the next statement", async () => {
    for (let round = 0; round < 30; round++) {
      await query("select count(*) from orders a, orders b", { timeoutMs: 1 + (round % 10) }).catch(() => {});
      expect((await query("select count(*) from orders")).rows).toEqual([[2000]]);
    }
  });

  it("never takes more time than the source allows, nor a caller's word for it", async () => {
    const short = await openRight(server, { limits: { timeoutMs: 100 } });
    await expect(short.query({ sql: RUNAWAY, caller: CALLER, timeoutMs: 60_000 })).rejects.toMatchObject({
      code: "timeout",
    });
    await short.close();
  });
});

describe("size", () => {
  it("gives exactly so many rows, whatever the statement says", async () => {
    for (const sql of [
      "select * from orders limit 0x4e20",
      "select * from orders -- limit",
      "select * from orders fetch first 2000 rows only",
    ]) {
      const page = await query(sql, { maxRows: 10 });
      expect(page.rows).toHaveLength(10);
      expect(page.nextCursor).toBeDefined();
    }
    expect((await query("select id from orders where id <= 10", { maxRows: 10 })).nextCursor).toBeUndefined();
  });

  it("holds no more of ten million rows than a page", async () => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const page = await query("select repeat('x', 100) from generate_series(1, 10000000)");
    expect(page.rows).toHaveLength(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it("fills a page up to its bytes, and goes on after them", async () => {
    const small = await openRight(server, { limits: { maxBytes: 10_000 } });
    const sql = "select i, repeat('\u0001', 500) from generate_series(1, 10) i";
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await small.query({ sql, caller: CALLER, ...(cursor && { cursor }) });
      expect(Buffer.byteLength(JSON.stringify(page.rows))).toBeLessThanOrEqual(10_000 + 2);
      seen.push(...page.rows.map(([i]) => i));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await expect(small.query({ sql: "select repeat('x', 20000), 1", caller: CALLER })).rejects.toMatchObject({
      code: "too_large",
    });
    await small.close();
  });

  it("cuts a long cell with a mark, text and bytes and arrays", async () => {
    const page = await query(
      "select repeat('é', 100000), convert_to(repeat('x', 100000), 'UTF8'), array_fill(1, array[50000]), 'short'",
    );
    expect(page.cutCells).toBe(3);
    const [text, bytes, list, short] = page.rows[0] ?? [];
    expect(text).toMatch(/^é+… \[cut: 200000 bytes\]$/);
    expect(bytes).toMatchObject({ bytes: 100_000 });
    expect(list).toMatch(/^\{1,.*… \[cut: 100001 bytes\]$/);
    expect(short).toBe("short");
    for (const cell of page.rows[0] ?? [])
      expect(Buffer.byteLength(JSON.stringify(cell))).toBeLessThanOrEqual(64 * 1024);
  });

  it("drops a connection that brings far more than is allowed, and serves the next", async () => {
    await expect(query("select repeat('x', 60000000)")).rejects.toMatchObject({ code: "too_large" });
    expect((await query("select 1")).rows).toEqual([[1]]);
  });

  it("refuses a statement that is too long or estimated too costly", async () => {
    await expect(query(`select '${"x".repeat(100_001)}'`)).rejects.toMatchObject({ code: "too_large" });
    const thrifty = await openRight(server, { limits: { maxCost: 1000 } });
    await expect(
      thrifty.query({ sql: "select count(*) from orders a, orders b", caller: CALLER }),
    ).rejects.toMatchObject({ code: "too_costly" });
    expect(
      (await thrifty.query({ sql: "select count(*) from orders where id = $1", params: [1], caller: CALLER })).rows,
    ).toEqual([[1]]);
    await thrifty.close();
  });
});

describe("cursors", () => {
  async function all(sql: string, more: Partial<QueryRequest> = {}): Promise<unknown[]> {
    const rows: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await query(sql, { ...more, ...(cursor !== undefined && { cursor }) });
      rows.push(...page.rows);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return rows;
  }

  it.each([
    "select * from orders",
    "select id, note from orders o where amount > 100 order by id desc; -- end",
    "select note, id as key from orders order by id",
    "select o.* from orders as o where o.id between $1 and 900 order by o.id asc",
    "select word from words order by word",
    "select amount from orders order by amount",
    "select lower(note) as id, id as x from orders order by id, x",
    "select distinct customer_id from orders order by 1",
    "select customer_id, count(*) from orders group by 1 order by 1",
    "select id, t from heirs order by id, t",
    "select id, generate_series(1, 2) as n from orders where id < 50 order by id, n",
    "select 1 as id, id as k from orders order by 2",
    "select id from orders union all select id from orders order by 1",
  ])("give every row once, in order: %s", async (sql) => {
    const params = sql.includes("$1") ? [5] : [];
    const whole = (await server.admin(`select to_jsonb(q) from (${sql.replace(/;.*/, "").replace("$1", "5")}) q`))
      .rowCount;
    const paged = await all(sql, { maxRows: 37, params });
    expect(paged).toHaveLength(whole ?? -1);
    expect(paged).toEqual(
      (await query(sql, { params })).nextCursor === undefined
        ? (await query(sql, { params })).rows
        : await all(sql, { params }),
    );
  });

  it("start after a key where there is one: rows made before it do not shift the page", async () => {
    const sql = "select word, n from words order by word";
    const first = await query(sql, { maxRows: 5 });
    await server.admin("insert into words values ('a-first', 0)");
    const next = await query(sql, { maxRows: 5, ...(first.nextCursor && { cursor: first.nextCursor }) });
    expect(next.rows[0]?.[0]).toBe("w14");
    await server.admin("delete from words where word = 'a-first'");
  });

  it.each([
    ["another statement", { sql: "select * from orders where true" }],
    ["other parameters", { params: [1] }],
    ["another caller", { caller: { ...CALLER, subject: "other" } }],
    ["another tenant", { caller: { ...CALLER, tenant: "south" } }],
  ])("are refused for %s", async (_, other) => {
    const { nextCursor } = await query("select * from orders", { maxRows: 1 });
    const request = { cursor: nextCursor ?? "", ...other };
    await expect(query("sql" in other ? other.sql : "select * from orders", request)).rejects.toMatchObject({
      code: "cursor",
    });
  });

  it.each(["", "x", "AAAA", "A".repeat(10_000), "💥"])("are refused where they are none: %s", async (cursor) => {
    await expect(query("select * from orders", { cursor })).rejects.toMatchObject({ code: "cursor" });
  });
});

describe("what a statement leaves behind", () => {
  it("is nothing: the session of the next is as it was", async () => {
    const one = await openRight(server, {
      poolSize: 1,
      rules: { tables: { orders: {} }, functions: ["set_config", "current_setting", "pg_advisory_lock"] },
    });
    const ask = (sql: string): Promise<ResultPage> => one.query({ sql, caller: CALLER });
    await ask(
      "select set_config('statement_timeout', '0', false), set_config('search_path', 'x', false), set_config('a.b', 'c', false)",
    );
    const { rows } = await ask(
      "select current_setting('statement_timeout'), current_setting('search_path'), current_setting('a.b', true)",
    );
    expect(rows).toEqual([["10s", expect.stringContaining('"public"'), ""]]);
    await one.close();
  });
});
