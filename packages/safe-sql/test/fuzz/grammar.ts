import type { Random } from "../support/sample/random.ts";
import { type Dialect, HIDDEN_COLUMNS, type KnownTable, RESTRICTED_NAMES } from "./dialect.ts";

/** A generated statement. */
export interface Generated {
  readonly sql: string;
  /** Its rows, taken as a set, are the same whatever plan an engine chooses. */
  readonly exact: boolean;
}

interface Scope {
  readonly alias: string;
  readonly columns: readonly string[];
}

/** Makes SELECT statements that an engine mostly compiles, over tables that may be read and, now and then, over ones that may not. */
export function selectGenerator(dialect: Dialect, random: Random): () => Generated {
  let exact = true;
  let names = 0;
  const maybe = (n: number): boolean => random.oneIn(n);
  const list = (most: number, one: () => string): string =>
    Array.from({ length: 1 + random.int(most) }, one).join(", ");

  function table(ctes: readonly KnownTable[]): KnownTable {
    const kind = random.int(20);
    if (kind < 3 && ctes.length > 0) return random.pick(ctes);
    if (kind < 9) return random.pick(dialect.restricted);
    if (kind < 10 && maybe(3)) return random.pick(dialect.hidden);
    if (kind < 11) return random.pick(dialect.tableFunctions);
    return random.pick(dialect.open);
  }

  function source(ctes: readonly KnownTable[], depth: number): { sql: string; scope: Scope } {
    const alias = `t${names++}`;
    if (depth > 0 && maybe(7))
      return { sql: `(${select(ctes, [], depth - 1, ["a", "b"])}) as ${alias}`, scope: { alias, columns: ["a", "b"] } };
    const { name, columns } = table(ctes);
    const schema = maybe(20) && !name.includes("(") ? random.pick(dialect.schemas) : "";
    return { sql: `${schema}${maybe(25) ? `"${name}"` : name} as ${alias}`, scope: { alias, columns } };
  }

  function column(scope: readonly Scope[]): string {
    if (scope.length === 0) return random.pick(dialect.literals);
    const { alias, columns } = random.pick(scope);
    const name = maybe(50) ? random.pick(HIDDEN_COLUMNS) : random.pick(columns);
    const plain = maybe(40) ? name : `${alias}.${name}`;
    return plain;
  }

  /** Where types are strict, nearly everything is made a text, and a text is made a condition by a comparison. */
  const text = (sql: string): string => (dialect.strict && !maybe(40) ? `cast(${sql} as text)` : sql);
  const condition = (sql: string): string =>
    dialect.strict && !maybe(40) ? `(${sql} <> ${random.pick(["''", "'x'", "'true'"])})` : sql;

  function expression(ctes: readonly KnownTable[], scope: readonly Scope[], depth: number): string {
    return text(anyExpression(ctes, scope, depth));
  }

  function anyExpression(ctes: readonly KnownTable[], scope: readonly Scope[], depth: number): string {
    const again = (): string => expression(ctes, scope, depth - 1);
    if (depth <= 0) return maybe(3) ? random.pick(dialect.literals) : column(scope);
    switch (random.int(15)) {
      case 0:
      case 1:
      case 2:
        return column(scope);
      case 3:
        return random.pick(dialect.literals);
      case 4:
      case 5:
        return `(${again()} ${random.pick(dialect.operators)} ${again()})`;
      case 6: {
        const [name, args] = random.pick(dialect.functions);
        return `${name}(${Array.from({ length: args }, again).join(", ")})`;
      }
      case 7:
        return `case when ${condition(again())} then ${again()} else ${again()} end`;
      case 8:
        return `cast(${again()} as ${random.pick(dialect.casts)})`;
      case 9:
        return `(${again()} in (${list(3, again)}))`;
      case 10:
        return `(${again()} between ${again()} and ${again()})`;
      case 11:
        return maybe(2) ? `(${again()} is null)` : `(not ${condition(again())})`;
      case 12:
        return `exists (${select(ctes, scope, depth - 1, ["a"])})`;
      case 13: {
        // A scalar subquery of several rows takes any one of them, unless it is an aggregate.
        const aggregate = random.pick(["count", "min", "max"]);
        return `(select ${aggregate}(a) from (${select(ctes, scope, depth - 1, ["a"])}) q${names++})`;
      }
      default:
        if (maybe(8)) return `${random.pick(dialect.forbidden)}(${again()})`;
        return `(${again()} in (${select(ctes, scope, depth - 1, ["a"])}))`;
    }
  }

  function select(ctes: readonly KnownTable[], outer: readonly Scope[], depth: number, as?: readonly string[]): string {
    const first = source(ctes, depth);
    let from = first.sql;
    const scope: Scope[] = [first.scope];
    for (let more = maybe(3) ? 1 + random.int(2) : 0; more > 0; more--) {
      const next = source(ctes, depth);
      scope.push(next.scope);
      const on = `${expression(ctes, scope, 1)} = ${expression(ctes, scope, 1)}`;
      const how = random.int(12);
      from +=
        how === 0
          ? `, ${next.sql}`
          : how === 1
            ? ` natural join ${next.sql}`
            : how === 2
              ? ` left join ${next.sql} on ${on}`
              : how === 3
                ? ` join ${next.sql} using (id)`
                : ` join ${next.sql} on ${on}`;
    }
    const visible = [...scope, ...(maybe(3) ? outer : [])];
    const one = (): string => expression(ctes, visible, depth);
    const grouped = maybe(4);
    const keys = grouped && maybe(2) ? Array.from({ length: 1 + random.int(2) }, one) : [];
    const width = as?.length ?? 1 + random.int(3);
    const output = (place: number): string => {
      if (grouped) {
        if (place < keys.length && maybe(2)) return keys[place] as string;
        const filter = maybe(5) ? ` filter (where ${condition(one())})` : "";
        return text(`${random.pick(dialect.aggregates)}(${maybe(5) ? "distinct " : ""}${one()})${filter}`);
      }
      if (maybe(14))
        return text(
          `${random.pick(dialect.windows)} over (${maybe(2) ? `partition by ${one()} ` : ""}order by ${one()})`,
        );
      return one();
    };
    const outputs =
      as === undefined && !grouped && maybe(10)
        ? maybe(2)
          ? "*"
          : `${random.pick(scope).alias}.*`
        : Array.from({ length: width }, (_, place) => `${output(place)} as ${as?.[place] ?? `c${place}`}`).join(", ");
    const where = maybe(2) ? ` where ${condition(one())}` : "";
    const group = keys.length > 0 ? ` group by ${keys.join(", ")}` : "";
    const having = grouped && maybe(4) ? ` having count(*) > ${random.int(3)}` : "";
    return `select ${maybe(8) ? "distinct " : ""}${outputs} from ${from}${where}${group}${having}`;
  }

  function statement(): Generated {
    exact = true;
    names = 0;
    const ctes: KnownTable[] = [];
    let start = "";
    if (maybe(4)) {
      const parts: string[] = [];
      for (let count = 1 + random.int(2); count > 0; count--) {
        // A CTE may take the name of a table, and so hide it or pass for it.
        const name = maybe(3)
          ? random.pick([...RESTRICTED_NAMES, ...dialect.open.map((open) => open.name)])
          : `w${names++}`;
        parts.push(`${name}(a, b) as ${maybe(5) ? "materialized " : ""}(${select(ctes, [], 1, ["a", "b"])})`);
        ctes.push({ name, columns: ["a", "b"] });
      }
      start = `with ${maybe(6) ? "recursive " : ""}${parts.join(", ")} `;
    }
    const arms = maybe(5) ? 2 + random.int(2) : 1;
    const as = arms > 1 || maybe(3) ? ["a", "b"] : undefined;
    let sql = start + select(ctes, [], 2, as);
    for (let arm = 1; arm < arms; arm++)
      sql += ` ${random.pick(["union", "union all", "except", "intersect"])} ${select(ctes, [], 1, as)}`;
    if (maybe(4)) sql += ` order by ${1 + random.int(2)}${maybe(2) ? " desc" : ""}`;
    if (maybe(6)) {
      exact = false;
      sql += ` limit ${random.int(20)}`;
    }
    return { sql, exact };
  }
  return statement;
}
