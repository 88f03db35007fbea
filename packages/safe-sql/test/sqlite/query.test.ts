import { describe, expect, it } from "vitest";
import type { Cell } from "../../src/cells.ts";
import type { SqlSource } from "../../src/source.ts";
import { ANYONE, ask, fileOf, open, refusal, rows } from "./support.ts";

const NUMBERS = `
  create table numbers (id integer primary key, square int, word text);
  with recursive n(i) as (values (1) union all select i + 1 from n limit 1000)
  insert into numbers select i * 3, i * i, 'w' || (i % 7) from n;
`;

describe("cells", () => {
  it("are exact: integers past 2^53, floats, blobs, null apart from empty", async () => {
    const source = await open();
    expect(
      await rows(source, "select 9007199254740993, -9223372036854775808, 1.5, 9e999, x'00ff', null, '', 'é'"),
    ).toEqual([["9007199254740993", "-9223372036854775808", 1.5, "Infinity", { base64: "AP8=" }, null, "", "é"]]);
    expect(await rows(source, "select 9007199254740991")).toEqual([[9007199254740991]]);
  });

  it("are typed by what SQLite says of the column", async () => {
    const source = await open();
    const { columns } = await ask(
      source,
      "select id, name, total, placed, 1 + 1 as two from customers join orders using (id)",
    );
    expect(columns.map(({ type }) => type)).toEqual(["integer", "text", "float", "date", "any"]);
  });

  it("are cut at their limit with a mark, and counted", async () => {
    const source = await open({ limits: { maxCellBytes: 100 } });
    const page = await ask(
      source,
      `select replace(hex(zeroblob(5000)), '0', '"'), zeroblob(5000), 'short', replace(hex(zeroblob(90)), '00', '😀')`,
    );
    expect(page.cutCells).toBe(3);
    for (const cell of page.rows[0] ?? []) {
      expect(Buffer.byteLength(JSON.stringify(cell))).toBeLessThanOrEqual(100);
    }
    expect(page.rows[0]?.[0]).toMatch(/… \[cut: 10000 bytes\]$/);
    expect(page.rows[0]?.[1]).toMatchObject({ bytes: 5000 });
    expect(String(page.rows[0]?.[3]).isWellFormed()).toBe(true);
  });

  it("bind as parameters, and only all of them", async () => {
    const source = await open();
    const bind = (sql: string, params: never[]) => source.query({ sql, params, caller: ANYONE });
    const values = [1, "x", null, true, 1.5, { base64: "AP8=" }, "9007199254740993"] as never[];
    expect((await bind("select typeof(?), ?, ?, ?, ?, hex(?), cast(? as integer)", values)).rows).toEqual([
      ["integer", "x", null, 1, 1.5, "00FF", "9007199254740993"],
    ]);
    expect((await bind("select ?2, ?1", [1, 2] as never[])).rows).toEqual([[2, 1]]);
    for (const [sql, params] of [
      ["select ?", []],
      ["select 1", [1]],
      ["select ?1, ?3", [1, 2]],
      ["select :name", []],
      ["select @a, ?", [1]],
      ["select $a", [1]],
    ] as [string, never[]][]) {
      expect(await refusal(bind(sql, params)), sql).toMatchObject({ code: "params" });
    }
    expect(await rows(source, "select ':name', '?'")).toEqual([[":name", "?"]]);
  });
});

async function pages(
  source: SqlSource,
  sql: string,
  maxRows: number,
  params: never[] = [],
): Promise<{ rows: Cell[][]; resumes: string[] }> {
  const all: Cell[][] = [];
  const resumes: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await source.query({
      sql,
      params,
      maxRows,
      caller: ANYONE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    all.push(...(page.rows as Cell[][]));
    if (page.nextCursor === undefined) {
      return { rows: all, resumes };
    }
    cursor = page.nextCursor;
    resumes.push(Buffer.from(cursor, "base64url").subarray(16).toString());
  }
}

describe("cursors", () => {
  it.each([
    ["select * from numbers", "after"],
    ["select id, word from numbers where word = 'w3' -- words", "after"],
    ["select word, id as key from numbers order by id desc;", "after"],
    ["select id, square from numbers where id between 30 and 2000 /* some */ ;", "after"],
    ["with w as (select * from numbers) select id from w where square > 5", "after"],
    ["select id from numbers order by word, id", "skip"],
    ["select square from numbers", "skip"],
    ["select id from numbers union all select id + 1 from numbers", "skip"],
    ["select a.id from numbers a join numbers b on b.square = a.square", "skip"],
    ["select id, id from numbers", "skip"],
    ["select id, count(*) from numbers group by word", "skip"],
  ])("give every row once and in order: %s", async (sql, how) => {
    const source = await open({ file: fileOf(NUMBERS), limits: { maxRows: 5000 } });
    const whole = (await source.query({ sql, caller: ANYONE })).rows;
    const { rows: paged, resumes } = await pages(source, sql, 7 * Math.ceil(whole.length / 70) || 1);
    expect(paged).toEqual(whole);
    for (const resume of resumes) {
      expect(resume).toContain(how);
    }
  });

  it("go on after rows that came or went, without a row twice", async () => {
    const file = fileOf(NUMBERS);
    const source = await open({ file, writable: true });
    const first = await source.query({ sql: "select id from numbers", maxRows: 3, caller: ANYONE });
    expect(first.rows).toEqual([[3], [6], [9]]);
    await source.execute({ sql: "delete from numbers where id in (6, 12)", caller: ANYONE });
    const next = await source.query({
      sql: "select id from numbers",
      maxRows: 2,
      caller: ANYONE,
      cursor: first.nextCursor as string,
    });
    expect(next.rows).toEqual([[15], [18]]);
  });

  it("hold for one statement, its parameters and one caller only", async () => {
    const source = await open({
      file: fileOf(NUMBERS),
      rules: { tables: { numbers: { mask: { word: { as: "null", exceptRoles: ["x"] } } } } },
    });
    const request = { sql: "select id from numbers where id > ?", params: [5], maxRows: 3, caller: ANYONE };
    const cursor = (await source.query(request)).nextCursor as string;
    expect((await source.query({ ...request, cursor })).rows).toEqual([[15], [18], [21]]);
    const changed = `${cursor.slice(0, -2)}${cursor.endsWith("AA") ? "BB" : "AA"}`;
    for (const other of [
      { ...request, cursor, sql: "select id from numbers where id >= ?" },
      { ...request, cursor, params: [6] },
      { ...request, cursor, caller: { ...ANYONE, subject: "eve" } },
      { ...request, cursor, caller: { ...ANYONE, roles: ["x"] } },
      { ...request, cursor: changed },
      { ...request, cursor: "" },
      { ...request, cursor: "e30" },
    ]) {
      expect(await refusal(source.query(other))).toMatchObject({ code: "cursor" });
    }
  });

  it("go on in another process that has the same key, whoever came first there", async () => {
    const file = fileOf(NUMBERS);
    const rules = { tables: { numbers: { mask: { word: { as: "null", exceptRoles: ["x"] } } } } } as const;
    const request = { sql: "select id from numbers", maxRows: 3, caller: ANYONE };
    const other = { ...request, caller: { ...ANYONE, roles: ["x"] } };
    const cursorKey = new Uint8Array(32).fill(7);
    const one = await open({ file, rules, cursorKey });
    const cursor = (await one.query(request)).nextCursor as string;
    const two = await open({ file, rules, cursorKey });
    await two.query(other);
    expect((await two.query({ ...request, cursor })).rows).toEqual([[12], [15], [18]]);
    expect(await refusal(two.query({ ...other, cursor }))).toMatchObject({ code: "cursor" });
    const stranger = await open({ file, rules, cursorKey: new Uint8Array(32).fill(8) });
    expect(await refusal(stranger.query({ ...request, cursor }))).toMatchObject({ code: "cursor" });
    expect(await refusal(open({ file, cursorKey: new Uint8Array(31) }))).toMatchObject({ code: "invalid_option" });
  });

  it("stop a page at its bytes, whatever one row has", async () => {
    const source = await open({ file: fileOf(NUMBERS), limits: { maxBytes: 200 } });
    const page = await ask(source, "select id, word from numbers");
    expect(Buffer.byteLength(JSON.stringify(page.rows))).toBeLessThanOrEqual(200);
    expect(page.rows.length).toBeGreaterThan(5);
    const { rows: all } = await pages(source, "select id, word from numbers", 1000);
    expect(all).toHaveLength(1000);
    expect(await refusal(ask(source, "select hex(zeroblob(200))"))).toMatchObject({ code: "too_large" });
  });
});

describe("explain", () => {
  it("tells the plan, what is read and what it costs, and a cost above the limit is refused before it runs", async () => {
    const file = fileOf(NUMBERS);
    const source = await open({ file });
    const explained = await source.explain({ sql: "select word from numbers where id = 3", caller: ANYONE });
    expect(explained.plan).toEqual(["SEARCH numbers USING INTEGER PRIMARY KEY (rowid=?)"]);
    expect(explained.reads).toEqual([{ table: "numbers", columns: ["word", "id"] }]);
    const cross = "select count(*) from numbers a, numbers b, numbers c where a.square + b.square + c.square = 5";
    const { estimatedCost = 0 } = await source.explain({ sql: cross, caller: ANYONE });
    expect(estimatedCost).toBeGreaterThan(1e8);
    const bounded = await open({ file, limits: { maxCost: 1_000_000 } });
    expect(await refusal(ask(bounded, cross))).toMatchObject({ code: "too_costly" });
    expect(await rows(bounded, "select count(*) from numbers")).toEqual([[1000]]);
  });
});
