import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import type { SourceRules } from "../../src/rules/rules.ts";
import type { SqlSource } from "../../src/source.ts";
import { ANYONE, ask, CANARY, fileOf, open, refusal, rows, shared } from "./support.ts";

const TABLES = `
  create table plain (id integer primary key, v int);
  insert into plain values (1, 1), (2, 2), (3, 3);
  create table child (id integer primary key, p int references plain (id) on delete cascade);
  insert into child values (1, 1), (2, 1);
  create table lone (id integer primary key, v int);
  insert into lone values (1, 1);
  create table words (k text unique, v int);
  insert into words values ('a', 1);
  create table kept (k text primary key on conflict replace, v int) without rowid;
  create table log (x);
  create trigger logged after insert on words begin insert into log values (new.k); end;
  create trigger wiped after insert on kept begin delete from log; end;
  create virtual table notes using fts5 (body);
  create table secrets (id integer primary key, s text unique);
  insert into secrets values (1, '${CANARY}');
`;

/** A busy machine starts a process in a second. */
const PATIENT = { timeout: 15_000 };

const run = (source: SqlSource, sql: string, more: object = {}) => source.execute({ sql, caller: ANYONE, ...more });

const untouched = shared(TABLES, { writable: true });

/** What SQLite says of each statement, whatever words it is written in. */
it.each([
  ["write", "insert into lone values (9, 9)"],
  ["write", "insert or ignore into lone values (1, 9)"],
  ["write", "insert into lone values (1, 9) on conflict do nothing"],
  ["write", "insert into words values ('b', 2)"],
  ["write", "with x as (select 7 as k) insert into lone select k, k from x"],
  ["destroy", "replace into lone values (1, 9)"],
  ["destroy", "insert or replace into words values ('a', 9)"],
  ["destroy", "insert into kept values ('a', 1)"],
  ["destroy", "insert into lone values (1, 9) on conflict (id) do update set v = 9"],
  ["destroy", "update lone set v = 2 where id = 1"],
  ["destroy", "with x as (select 1) delete from lone where id = 1"],
  ["destroy", "insert into notes (notes) values ('optimize')"],
])("forecasts %s for: %s", async (effect, sql) => {
  const source = untouched();
  expect(await source.forecast({ sql, caller: ANYONE })).toMatchObject({ effect });
  expect(await rows(source, "select * from lone")).toEqual([[1, 1]]);
  const other = effect === "write" ? "destroy" : "write";
  expect(await refusal(run(source, sql, { expected: other }))).toMatchObject({ code: "conflict" });
});

const COUNTED = `
  create table many (id integer primary key, v int);
  insert into many select value, value from json_each('[${Array.from({ length: 500 }, (_, at) => at + 1).join()}]');
  create table copy (id integer primary key, v int);
`;

describe("an estimate", () => {
  const counted = shared(COUNTED, { writable: true });

  it.each([
    ["delete from many", 500, 500],
    ["update many set v = 0", 500, 500],
    ["update many set v = 0 where id = 7", 1, 20],
    ["insert into copy (v) values (1)", 1, 1],
    ["insert into copy select id, v + 1 from many", 500, 500],
  ])("of %s is the planner's, and nothing runs", async (sql, least, most) => {
    const { estimatedRows } = await counted().forecast({ sql, caller: ANYONE });
    expect(estimatedRows).toBeGreaterThanOrEqual(least);
    expect(estimatedRows).toBeLessThanOrEqual(most);
    expect(
      await rows(counted(), "select (select count(*) from many where v > 0), (select count(*) from copy)"),
    ).toEqual([[500, 0]]);
  });
});

describe("a change", () => {
  it("is done, counted with its cascades, and answers RETURNING", async () => {
    const source = await open({ file: fileOf(TABLES), writable: true });
    expect(await run(source, "insert into plain (v) values (?) returning id, v", { params: [7] })).toEqual({
      effect: "write",
      statement: "insert",
      table: "plain",
      estimatedRows: expect.any(Number),
      changedRows: 1,
      returned: {
        columns: [
          { name: "id", type: "integer" },
          { name: "v", type: "integer" },
        ],
        rows: [[4, 7]],
        cutCells: 0,
      },
    });
    expect(await run(source, "delete from plain where id = 1")).toMatchObject({ effect: "destroy", changedRows: 3 });
    expect(await rows(source, "select count(*) from child")).toEqual([[0]]);
  });

  it("of every row, or of too many, is undone", async () => {
    const source = await open({ file: fileOf(TABLES), writable: true, limits: { maxChangedRows: 3 } });
    for (const sql of [
      "update plain set v = 0",
      "delete from plain where true",
      "update plain set v = 0 where id > 0",
    ]) {
      expect((await refusal(run(source, sql))).code).toMatch(/every_row|too_many_rows/);
    }
    const many = "insert into lone (v) select 1 from plain a, plain b";
    expect(await refusal(run(source, many))).toMatchObject({ code: "too_many_rows" });
    expect(await rows(source, "select sum(v), count(*), (select count(*) from lone) from plain")).toEqual([[6, 3, 1]]);
    expect(await run(source, "update plain set v = 0", { everyRow: true })).toMatchObject({ changedRows: 3 });
    expect(await run(source, "delete from lone")).toMatchObject({ changedRows: 1 });
  });

  it("that breaks a constraint or meets a lock changes nothing and says which", async () => {
    const file = fileOf(TABLES);
    const source = await open({ file, writable: true, limits: { timeoutMs: 3000 } });
    expect(await refusal(run(source, "insert into words values ('z', 1), ('a', 1)"))).toMatchObject({
      code: "constraint",
    });
    expect(await refusal(run(source, "insert into child values (9, 999)"))).toMatchObject({ code: "constraint" });
    expect(await rows(source, "select count(*) from words")).toEqual([[1]]);
    const other = new DatabaseSync(file);
    other.exec("begin immediate");
    expect(await refusal(run(source, "insert into lone values (5, 5)"))).toMatchObject({ code: "conflict" });
    other.exec("rollback");
    other.close();
    expect(await run(source, "insert into lone values (5, 5)")).toMatchObject({ changedRows: 1 });
  });

  it.each([
    "select 1",
    "create table x (a)",
    "drop table lone",
    "alter table lone add column z",
    "create trigger t after insert on lone begin delete from plain; end",
    "pragma user_version = 4",
    "vacuum",
    "begin",
    "attach '/tmp/x.db' as x",
    "explain delete from lone",
    "insert into lone values (5, 5); delete from lone",
    "update sqlite_schema set sql = ''",
    "insert into notes_content values (9, 'x')",
  ])("is not: %s", async (sql) => {
    const source = untouched();
    const found = await refusal(run(source, sql));
    expect(["not_a_change", "not_one_statement", "unknown_name", "denied"]).toContain(found.code);
    expect(await rows(source, "select * from lone")).toEqual([[1, 1]]);
  });

  it("is refused by a source that is read-only, and as a query", async () => {
    expect(await refusal(run(await open({ file: fileOf(TABLES) }), "delete from lone"))).toMatchObject({
      code: "read_only",
    });
    expect(await refusal(ask(untouched(), "delete from lone returning *"))).toMatchObject({ code: "not_a_read" });
  });
});

describe("rules", () => {
  const rules: SourceRules = {
    tables: {
      plain: { write: ["insert", "update"] },
      child: {},
      lone: {},
      words: { write: ["insert"] },
      secrets: { mask: { s: "hash" }, write: ["insert", "update", "delete"] },
    },
  };

  it.each([
    ["delete from plain where id = 1", { plain: { write: ["delete"] } }, "a child that is hidden"],
    [
      "delete from plain where id = 1",
      { plain: { write: ["delete"] }, child: { mask: { p: "hash" } } },
      "a child that is masked",
    ],
    [
      "insert into child (id, p) values (9, 1) returning id as plain",
      { child: { write: ["insert"] } },
      "a parent that is hidden",
    ],
    [
      "update child set p = 2 where id = 1",
      { child: { write: ["update"] }, plain: { filter: "id > 1" } },
      "a parent whose rows are filtered",
    ],
    [
      "insert into child (id, p) values (9, 1)",
      { child: { write: ["insert"] }, plain: { deny: ["id"] } },
      "a parent whose key is denied",
    ],
  ] as readonly (readonly [sql: string, tables: SourceRules["tables"], what: string])[])(
    "say that a foreign key is in the way, whatever words are in it: %s",
    async (sql, tables) => {
      const source = await open({ file: fileOf(TABLES), writable: true, rules: { tables: tables ?? {} } });
      const hint = "A trigger or a foreign key reads what may not be read here.";
      expect(await refusal(run(source, sql))).toEqual({ code: "denied", hint });
    },
  );

  const ruled = shared(TABLES, { writable: true, rules });

  it.each([
    ["insert into lone values (5, 5)", "a table without the right"],
    ["delete from plain where id = 3", "a change that is not named"],
    ["insert into plain select 8, 8 from lone where exists (delete from child)", "no SQL at all"],
    ["insert into words values ('q', 1)", "a trigger that writes a table that is not allowed"],
    ["update secrets set s = 'x'", "a table with a mask: constraints and counts would tell of the values"],
    [`insert into secrets values (2, '${CANARY}')`, "an insert that finds out what is there"],
    ["update plain set v = (select amount from nowhere)", "an unknown table"],
  ])("refuse %s (%s)", async (sql) => {
    const source = ruled();
    expect(["denied", "syntax", "unknown_name"]).toContain((await refusal(run(source, sql))).code);
  });

  it.each([
    "insert or replace into lines values (1, 'z', 'gone')",
    "replace into lines (id, k) values (1, 'b')",
    "insert into lines values (9, 'a', 'gone') on conflict (k) do update set v = 'gone'",
    "insert into keyed values (9, 'a')",
    "update or replace plain set id = 2 where id = 1",
    "update or/**/Replace plain set id = 2 where id = 1",
    "update keyed set k = 'b' where id = 1",
  ])("delete nothing by replacing it, without the right to delete: %s", async (sql) => {
    const file = fileOf(`
      create table plain (id integer primary key, v int);
      insert into plain values (1, 1), (2, 2);
      create table lines (id integer primary key, k text unique, v text);
      insert into lines values (1, 'a', 'kept'), (2, 'b', 'kept');
      create table keyed (id integer primary key, k text unique on conflict replace);
      insert into keyed values (1, 'a'), (2, 'b');
    `);
    const both = ["insert", "update"] as const;
    const tables: SourceRules["tables"] = {
      plain: { write: both },
      lines: { write: ["insert"] },
      keyed: { write: both },
    };
    const source = await open({ file, writable: true, rules: { tables } });
    const all =
      "select (select count(*) from plain), (select count(*) from lines where v = 'kept'), (select count(*) from keyed)";
    for (const ask of [source.forecast({ sql, caller: ANYONE }), run(source, sql)]) {
      expect(await refusal(ask)).toMatchObject({ code: "denied" });
    }
    expect(await rows(source, all)).toEqual([[2, 2, 2]]);
    const replaced = "update plain set v = replace('a', 'a', 'b') where id = 1";
    expect(await run(source, replaced)).toMatchObject({ changedRows: 1 });
    expect(await run(source, "insert into lines values (3, 'c', 'new')")).toMatchObject({ changedRows: 1 });
  });

  it("hide a table from changes as well: it looks like one that does not exist", async () => {
    for (const sql of [
      "insert into NAME values (1)",
      "update NAME set k = 1",
      "delete from NAME",
      "replace into NAME values (1, 2)",
    ]) {
      const of = async (name: string) => {
        const { code, hint } = await refusal(run(ruled(), sql.replace("NAME", name)));
        return { code, hint: hint?.replace(name, "NAME") };
      };
      expect(await of("kept"), sql).toEqual(await of("qept"));
    }
  });

  it("hold for what a change reads and returns", async () => {
    const source = await open({
      file: fileOf(TABLES),
      writable: true,
      rules: { tables: { ...rules.tables, log: { write: ["insert"] } } },
    });
    const copied = await run(source, "insert into log select s from secrets returning x");
    expect(JSON.stringify(copied)).not.toContain(CANARY);
    expect(copied.returned?.rows[0]?.[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(await run(source, "insert into words values ('q', 1)")).toMatchObject({ effect: "write", changedRows: 2 });
  });
});

it("a writer killed in the middle leaves the database as it was, and readers go on", async () => {
  const file = fileOf(TABLES);
  const source = await open({ file, writable: true, limits: { maxChangedRows: 1_000_000_000 } });
  const endless =
    "insert into lone (v) with recursive n(i) as (values (1) union all select i + 1 from n) select i from n";
  expect(await refusal(run(source, endless, { timeoutMs: 600 }))).toMatchObject({ code: "timeout" });
  await expect.poll(() => rows(source, "select count(*) from lone").catch(() => undefined), PATIENT).toEqual([[1]]);
  expect(await run(source, "insert into lone values (5, 5)")).toMatchObject({ changedRows: 1 });
});
