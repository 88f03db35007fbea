import { beforeAll, describe, expect, it } from "vitest";
import { loadParser, parseOne } from "../../src/postgres/gate/ast.ts";
import type { Scope, Visible } from "../../src/postgres/gate/scope.ts";
import { measure } from "../../src/postgres/gate/size/measure.ts";

beforeAll(loadParser);

const TABLE = {
  name: "t",
  columns: [{ name: "a" }, { name: "b" }],
  relation: { readsFrom: [], isView: false },
  rules: undefined,
} as unknown as Visible;
const SCOPE = { table: () => TABLE } as unknown as Scope;
const RELATION = 200;

const sizeOf = (sql: string): number => measure(parseOne(sql).tree, SCOPE);
/** Relations that are planned. */
const relationsOf = (sql: string): number => Math.floor(sizeOf(sql) / RELATION);
const times = (count: number, text: (at: number) => string, by = ""): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(by);
const nested = (levels: number, open: string, inner: string, close: string): string =>
  open.repeat(levels) + inner + close.repeat(levels);

describe("what a statement is, written out", () => {
  it.each([
    ["each of its tables", "select * from t, t u join t v on true", 3],
    ["a query of WITH, named once", "with c as (select * from t, t u) select * from c", 3],
    ["a query of WITH that is kept, once", "with c as (select * from t, t u) select * from c, c d, c e", 5],
    [
      "one that is told not to be kept, each time",
      "with c as not materialized (select * from t, t u) select * from c, c d",
      6,
    ],
    [
      "what such a one names itself",
      "with b as (select * from t, t u), c as not materialized (select * from b) select * from c, c d",
      8,
    ],
    [
      "the same, in any order",
      "with recursive c as not materialized (select * from b), b as (select * from t, t u) select * from c, c d",
      8,
    ],
    [
      "the name of the inner WITH",
      "with c as not materialized (select * from t, t u, t v) select * from (with c as materialized (select 1) select * from c, c d) q",
      6,
    ],
    [
      "a query that names itself, once",
      "with recursive c as (select a from t union all select a + 1 from c) select * from c, c d",
      4,
    ],
    ["EXISTS twice, since it is planned twice", "select 1 from t where a = 1 or exists (select 1 from t u)", 3],
    [
      "a subquery wherever its column is used",
      "select x + x from (select (select count(*) from t) as x offset 0) q",
      4,
    ],
    ["the arms of a union", "select a from t union all select a from t union all select a from t", 3],
    ["the tables of a change", "update t set a = u.a from t u where exists (select 1 from t v)", 4],
    ["the query of an INSERT", "insert into t select a from t u, t v", 3],
    ["the tables of a DELETE", "delete from t using t u where t.a = u.a", 2],
  ])("counts %s", (_, sql, relations) => {
    expect(relationsOf(sql)).toBe(relations);
  });

  it.each([
    ["BETWEEN", "select (a between 1 and 2) from t", "select (a > 1) from t"],
    ["IN with columns", "select a in (b, b) from t", "select a = b from t"],
    ["a star", "select *, *, * from t", "select a from t"],
    ["a row", "select q from (select a, b, a + b from t) q", "select q.a from (select a, b, a + b from t) q"],
    ["a renamed column", "select x from (select a + a + a from t) q (x)", "select x from (select a from t) q (x)"],
  ])("counts what %s stands for", (_, long, short) => {
    expect(sizeOf(long)).toBeGreaterThan(sizeOf(short));
  });

  it("does not mistake a column further out for one of a neighbour that cannot be seen", () => {
    const big = nested(6, "select a + a as a from (", "select a from t", ") q");
    const inner = "(select count(*) from (select a from t) n, (select big.a as z) m)";
    expect(sizeOf(`select ${inner} from (${big}) big`)).toBeGreaterThan(sizeOf(`select 1 from (${big}) big`) + 64);
  });
});

describe("a statement that grows", () => {
  it.each([
    [
      "queries of WITH",
      `with c0 as (select a from t)${times(12, (at) => `, c${at + 1} as not materialized (select a from c${at} union all select a from c${at})`)} select * from c12`,
    ],
    ["sums of subqueries", nested(20, "select a + a as a from (", "select a from t", ") q")],
    [
      "sums by the name the server makes",
      nested(20, "select abs(abs) + abs(abs) from (", "select abs(a) from t", ") q"),
    ],
    ["rows of rows", nested(12, "select q, q from (", "select a from t", ") q")],
    ["BETWEEN", `select ${nested(20, "(", "a", " between 1 and 2)::int")} from t`],
    ["IN", `select ${nested(12, "(", "a", " in (a, a, a))::int")} from t`],
    ["EXISTS", `select 1 from t where ${nested(10, "a = 1 or exists (select 1 from t where ", "true", ")")}`],
    [
      "conditions of a union",
      `select 1 from (${times(70, () => "select a from t", " union all ")}) q where ${times(100, () => "a > 1", " and ")}`,
    ],
    ["full joins", `select 1 from t ${times(90, (at) => `natural full join t t${at}`, " ")}`],
    ["tables", `select 1 from ${times(101, (at) => `t t${at}`, ", ")}`],
    ["arms", times(400, () => "select 1 from t", " union all ")],
  ])("is refused: %s", (_, sql) => {
    expect(() => sizeOf(sql)).toThrow(expect.objectContaining({ code: "too_large" }));
  });

  it.each([
    ["IN with 10,000 numbers", `select 1 from t where a in (${times(10_000, String, ",")})`],
    ["5,000 rows of VALUES", `values ${times(5000, () => "(1, 'a')", ",")}`],
    ["40 tables", `select 1 from t ${times(39, (at) => `join t t${at} using (a)`, " ")}`],
    [
      "a chain of queries, each used twice",
      `with c0 as (select a from t)${times(15, (at) => `, c${at + 1} as (select x.a from c${at} x join c${at} y using (a))`)} select * from c15`,
    ],
    ["a union of a table for each month of five years", times(60, () => "select a, b from t", " union all ")],
  ])("is let through where it only is long: %s", (_, sql) => {
    expect(sizeOf(sql)).toBeLessThan(20_000);
  });
});
