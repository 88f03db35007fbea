import { SqlError } from "../../../errors.ts";
import { isTree, single, type Tree, namesOf as wordsOf } from "../ast.ts";
import type { Scope } from "../scope.ts";
import { hasStar, sizeOf, widthOf } from "./expression.ts";
import { type Measured, relation, type Surroundings, sizeOfMember } from "./from.ts";
import { type Level, type Output, type Source, sourceOf } from "./level.ts";
import { isWrittenOut, type Names, namesOf, type References, sizeOfMention } from "./with.ts";

/**
 * Nodes of a statement once everything in it is written out, a relation counting as 200. Measured on PostgreSQL 18: it plans so many in
 * less than a quarter of a second, or hears an order to stop; the largest of 436 analytical queries has 2,339.
 */
const MAX_SIZE = 20_000;

/** Looked at by name; each part of a statement is visited once. */
const HANDLED: ReadonlySet<string> = new Set([
  "withClause",
  "fromClause",
  "usingClause",
  "relation",
  "targetList",
  "valuesLists",
]);

/**
 * Refuses a statement that is short and grows without bounds in the server.
 *
 * The server's analysis and its planner write out subqueries, queries of WITH and short forms of expressions, as copies, and look
 * neither at `statement_timeout` nor at a cancel while they do: 1.5 kB of SQL kept a backend busy for minutes, through a stop of the
 * server. What is counted here is what they would write; rather too much than too little.
 *
 * @returns nodes, never more than {@link MAX_SIZE}
 * @throws {SqlError} `too_large`
 */
export function measure(tree: Tree, scope: Scope): number {
  const references: References = new Map();
  // Whether a query of WITH is copied depends on how often it is named: the first round counts that.
  const size = sizeOfStatement(tree, scope, references, new Map());
  return references.size === 0 ? size : sizeOfStatement(tree, scope, new Map(), references);
}

/** @param counted gets how often each query of WITH is named; `known` is that from an earlier round */
function sizeOfStatement(tree: Tree, scope: Scope, counted: References, known: References): number {
  return query(tree, [], new Map()).size;

  function query(tree: Tree, outer: readonly Level[], outerNames: Names): Measured {
    const clause = tree["withClause"];
    const names = namesOf(clause, outerNames, (inner, seen) => query(inner, outer, seen));
    let size = 1;
    for (const [name, { cte, measured }] of clause === undefined ? [] : names) {
      if (outerNames.get(name)?.cte === cte) continue;
      const body = measured().size;
      if (!isWrittenOut(cte, known)) size += body;
    }
    const around: Surroundings = {
      outer,
      query: (inner, levels) => query(inner, levels, names),
      named(name) {
        const found = names.get(name);
        if (found === undefined) return undefined;
        counted.set(found.cte, (counted.get(found.cte) ?? 0) + 1);
        return sizeOfMention(found, known);
      },
      table: scope.table,
    };
    const measured = tree["larg"] === undefined ? simple(tree, around) : setOperation(tree, around);
    size += measured.size;
    if (size > MAX_SIZE) throw new SqlError("too_large", { hint: "written out, the statement is too large" });
    return { size, outputs: measured.outputs };
  }
}

/** A condition on a column of UNION ALL is copied into each arm. */
function setOperation(tree: Tree, around: Surroundings): Measured {
  const [left, right] = [tree["larg"], tree["rarg"]].map((arm) => around.query(arm as Tree, around.outer));
  const outputs = (left?.outputs ?? []).map(({ name, size }, at) => ({
    name,
    size: size + (right?.outputs[at]?.size ?? 1),
  }));
  const { larg: _, rarg: __, ...rest } = tree;
  const own = simple(rest, { ...around, outer: [[sourceOf(undefined, outputs)], ...around.outer] });
  return { size: (left?.size ?? 0) + (right?.size ?? 0) + own.size, outputs };
}

/** A SELECT, VALUES, INSERT, UPDATE or DELETE. */
function simple(tree: Tree, around: Surroundings): Measured {
  const level: Source[] = [];
  let size = 0;
  for (const member of [tree["fromClause"], tree["usingClause"]].flat()) size += sizeOfMember(member, level, around);
  if (isTree(tree["relation"])) {
    const table = relation(tree["relation"], around);
    const alias = isTree(tree["relation"]["alias"]) ? tree["relation"]["alias"]["aliasname"] : undefined;
    level.push(sourceOf(String(alias ?? tree["relation"]["relname"]), table.outputs));
    size += table.size;
  }
  const levels = [level, ...around.outer];
  const inner = (value: unknown): number =>
    sizeOf(value, { levels, query: (query) => around.query(query, levels).size });
  for (const [field, value] of Object.entries(tree)) {
    if (!HANDLED.has(field)) size += inner(value);
  }
  const results = targets(tree["targetList"], levels, inner);
  const rows = rowsOf(tree["valuesLists"]).map((row) => row.map(inner));
  for (const one of [...results.map((result) => result.size), ...rows.flat()]) size += one;
  return { size, outputs: [...results, ...columnsOf(rows)] };
}

function targets(list: unknown, levels: readonly Level[], inner: (value: unknown) => number): Output[] {
  return (Array.isArray(list) ? list : []).flatMap((node: Tree): readonly Output[] => {
    const [, target] = single(node);
    const value = target["val"];
    const [kind, tree] = isTree(value) ? single(value) : ["", {}];
    const size = inner(value);
    const name = target["name"] === undefined ? undefined : String(target["name"]);
    if (kind === "A_Indirection" && hasStar(tree)) return Array(widthOf(levels)).fill({ name: undefined, size });
    if (kind !== "ColumnRef") return [{ name: name ?? madeName(value), size }];
    const words = wordsOf(tree["fields"]);
    if (words.at(-1) !== "*") return [{ name: name ?? words.at(-1), size }];
    const alias = words.at(-2);
    return (levels[0] ?? []).filter((one) => alias === undefined || one.alias === alias).flatMap((one) => one.outputs);
  });
}

/** The name that the server makes of a function's, also behind a cast; others are not guessed. */
function madeName(value: unknown): string | undefined {
  const [kind, tree] = isTree(value) ? single(value) : ["", {}];
  if (kind === "TypeCast") return madeName(tree["arg"]);
  if (kind === "FuncCall") return wordsOf(tree["funcname"]).at(-1);
  return kind === "ColumnRef" ? wordsOf(tree["fields"]).at(-1) : undefined;
}

function rowsOf(lists: unknown): readonly (readonly unknown[])[] {
  return (Array.isArray(lists) ? lists : []).map((row: { List?: { items?: unknown } }) =>
    Array.isArray(row.List?.items) ? row.List.items : [],
  );
}

/** Of VALUES, the longest of each: one row is written out where it is read. */
function columnsOf(rows: readonly (readonly number[])[]): Output[] {
  const sizes: number[] = [];
  for (const row of rows) for (const [at, size] of row.entries()) sizes[at] = Math.max(sizes[at] ?? 1, size);
  return sizes.map((size, at) => ({ name: `column${at + 1}`, size }));
}
