import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SqlSource } from "../../src/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, openRight, SAMPLE } from "./support/sample.ts";

let server: TestPostgres;
let source: SqlSource;
let reading: SqlSource;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
  await server.admin(
    "create table items (id int primary key, tenant text, qty int check (qty >= 0), label text); create role writer login password 'password'; create table events (id serial primary key, what text)",
  );
  reading = await openRight(server, { rules: { tables: { orders: {} } } });
  source = await openRight(server, {
    url: server.urlOf("writer"),
    writable: true,
    limits: { maxChangedRows: 5 },
    rules: {
      tables: {
        orders: {},
        customers: {},
        events: { write: ["insert"] },
        items: {
          write: ["insert", "update", "delete"],
          filter: "tenant = identity('tenant')",
          mask: { label: "hash" },
        },
      },
    },
  });
});
afterAll(async () => {
  await source?.close();
  await reading?.close();
  await server?.stop();
});
beforeEach(async () => {
  await server.admin(
    "truncate items; insert into items select i, case when i % 2 = 0 then 'north' else 'south' end, 1, 'label' from generate_series(1, 20) i",
  );
});

const change = (sql: string, more: object = {}) => source.execute({ sql, caller: CALLER, ...more });

describe("what a change would do", () => {
  it.each([
    ["insert into items values (100, 'north', 1)", "insert", "write"],
    ["insert into items values (1, 'north', 1) on conflict do nothing", "insert", "write"],
    ["insert into items values (1, 'north', 1) on conflict (id) do update set qty = 3", "insert", "destroy"],
    ["update items set qty = 1 where id = 2", "update", "destroy"],
    ["delete from items where id = 2", "delete", "destroy"],
  ])("%s", async (sql, statement, effect) => {
    expect(await source.forecast({ sql, caller: CALLER })).toMatchObject({ statement, effect, table: "items" });
    const { rows } = await server.admin("select count(*) from items where qty = 1");
    expect(rows[0].count).toBe("20");
  });

  it.each([
    ["select 1", "not_a_change"],
    ["drop table items", "not_a_change"],
    ["truncate items", "not_a_change"],
    ["merge into items i using orders o on true when matched then delete", "not_a_change"],
    ["update items set qty = 1; delete from items", "not_one_statement"],
    ["update orders set amount = 1 where id = 1", "denied"],
    ["delete from secrets where id = 1", "unknown_name"],
    ["insert into items select id, word, 1 from secrets", "unknown_name"],
    ["update items set qty = length(pg_read_file('/etc/passwd')) where id = 2", "denied"],
    ["delete from items where id in (with x as (delete from orders returning id) select id from x)", "denied"],
    ["delete from items where id = 2 returning pg_read_file('/etc/passwd')", "denied"],
    ["with orders as (select 1) delete from items using secrets where true", "unknown_name"],
  ])("refuses %s", async (sql, code) => {
    await expect(source.forecast({ sql, caller: CALLER })).rejects.toMatchObject({ code });
    await expect(change(sql)).rejects.toMatchObject({ code });
  });

  it("refuses all of it where nothing may be written", async () => {
    await expect(reading.forecast({ sql: "delete from orders", caller: CALLER })).rejects.toMatchObject({
      code: "read_only",
    });
    await expect(reading.execute({ sql: "delete from orders", caller: CALLER })).rejects.toMatchObject({
      code: "read_only",
    });
  });
});

describe("a change", () => {
  it("is made, and says how many rows, under the same rules as a query", async () => {
    const result = await change("update items set qty = qty + $1 where id in (2, 4) returning id, qty, label", {
      params: [5],
    });
    expect(result).toMatchObject({ effect: "destroy", statement: "update", table: "items", changedRows: 2 });
    expect(result.returned?.rows.map((row) => row.slice(0, 2))).toEqual([
      [2, 6],
      [4, 6],
    ]);
    expect(result.returned?.rows[0]?.[2]).toMatch(/^[0-9a-f]{32}$/);
    expect((await server.admin("select sum(qty) from items")).rows[0].sum).toBe("30");
  });

  it("draws a value of a serial column", async () => {
    const made = await change("insert into events (what) values ('a'), ('b') returning id");
    expect(made).toMatchObject({ effect: "write", changedRows: 2, returned: { rows: [[1], [2]] } });
    await expect(change("delete from events where id = 1")).rejects.toMatchObject({ code: "denied" });
  });

  it("touches no row that the filter leaves out, and makes none", async () => {
    expect(await change("update items set qty = 9 where id in (1, 2, 3)")).toMatchObject({ changedRows: 1 });
    await expect(change("insert into items (id, tenant, qty) values (101, 'south', 1)")).rejects.toMatchObject({
      code: "constraint",
    });
  });

  it.each([
    ["update items set qty = 2", "every_row"],
    ["delete from items", "every_row"],
    ["update items set qty = 2 where id > 4", "too_many_rows"],
    ["update items set qty = -1 where id = 2", "constraint"],
    ["insert into items (id, tenant) values (2, 'north')", "constraint"],
    ["update items set label = 'x' where id = 2", "failed"],
  ])("is undone: %s", async (sql, code) => {
    await expect(change(sql)).rejects.toMatchObject({ code });
    expect((await server.admin("select count(*), sum(qty) from items")).rows[0]).toEqual({ count: "20", sum: "20" });
  });

  it.each(["update items set qty = 2 where true", "delete from items where id > 0"])(
    "that reaches every row by a condition is undone, unless it is meant: %s",
    async (sql) => {
      await server.admin("delete from items where id > 8");
      await expect(change(sql)).rejects.toMatchObject({ code: "every_row" });
      expect((await server.admin("select sum(qty) from items")).rows[0].sum).toBe("8");
      expect(await change(sql, { everyRow: true })).toMatchObject({ changedRows: 4 });
    },
  );

  it("of one row by its key is made, also where there is no other", async () => {
    await server.admin("delete from items where id <> 2");
    expect(await change("update items set qty = 2 where id = 2")).toMatchObject({ changedRows: 1 });
    await expect(change("delete from items")).rejects.toMatchObject({ code: "every_row" });
    expect(await change("delete from items where id = 2")).toMatchObject({ changedRows: 1 });
  });

  it("is not made where its effect is another than was agreed to", async () => {
    await expect(change("delete from items where id = 2", { expected: "write" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await server.admin("select count(*) from items")).rows[0].count).toBe("20");
  });
});
