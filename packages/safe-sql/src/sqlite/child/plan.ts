import type { SqlParam } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import type { Explanation } from "../../source.ts";
import { folded } from "../fold.ts";
import { type Compiled, compileRead } from "./compile.ts";
import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";
import { rowsInAll } from "./estimate.ts";
import { bound } from "./params.ts";
import type { Access } from "./policy.ts";

interface Step {
  readonly id: number;
  readonly parent: number;
  /** SQLite's own estimate of what one run of a loop costs, as ten times its binary logarithm; 0 for what is no loop. */
  readonly logCost: number;
  readonly detail: string;
}

/** Rows that a table-valued function or a recursion may make, where no table says more. */
const SMALL_RESULT = 100;
/** Deeper is no plan. */
const MOST_DEPTH = 50;

/** The plan of a statement that passed the gate, without our names and without columns that the caller may not see. */
export function explain(connection: Connection, sql: string, params: readonly SqlParam[]): Explanation {
  const compiled = compileRead(connection, sql);
  bound(params, compiled.params);
  const steps = planOf(connection, compiled.sql);
  const hidden = indexesOfRestricted(connection);
  const readsFiltered = [...compiled.seen.reads.keys()].some((table) => isFiltered(connection, table));
  return {
    plan: lines(connection, hidden, steps),
    // The cost of walking a filtered table tells how many rows there are that the caller may not know of.
    ...(readsFiltered ? {} : { estimatedCost: costOf(steps, largestRead(connection, compiled)) }),
    reads: [...compiled.seen.reads].map(([table, columns]) => ({ table, columns: [...columns] })),
  };
}

/** @throws {SqlError} `too_costly` */
export function assertCost(connection: Connection, compiled: Compiled, maxCost: number): void {
  const cost = costOf(planOf(connection, compiled.sql), largestRead(connection, compiled));
  if (cost > maxCost) {
    const filtered = [...compiled.seen.reads.keys()].some((table) => isFiltered(connection, table));
    throw new SqlError("too_costly", { hint: filtered ? undefined : `Estimated ${cost}, allowed ${maxCost}.` });
  }
}

/**
 * Whether a statement looks through a masked table again for every row of something else. SQLite makes an index of its own for columns
 * that a join compares, but not for what a mask computes: 40,000 rows joined with themselves would be 1.6 billion comparisons.
 */
export function walksMaskedAgain(connection: Connection, sql: string): boolean {
  const masked = maskedTables(connection);
  if (masked.length === 0) {
    return false;
  }
  const steps = planOf(connection, sql);
  return steps.some(
    ({ id, parent, detail }, index) =>
      masked.some((scan) => detail === scan || detail.startsWith(`${scan} `)) &&
      steps.some(
        (other, at) =>
          (at < index && other.parent === parent && /^(?:SCAN|SEARCH) /.test(other.detail)) ||
          (other.id === parent && other.id !== id && other.detail.includes("CORRELATED")),
      ),
  );
}

/** How a plan names a walk through each table that is masked, in the file itself, which no name of a caller can look like. */
function maskedTables({ policy, names }: Connection): string[] {
  return [...policy.values()].flatMap((access) =>
    access.kind === "restricted" && access.rule.filter === undefined && Object.keys(access.rule.masks).length > 0
      ? [`SCAN ${names.schema}.${access.relation.name}`]
      : [],
  );
}

function planOf({ engine, gate }: Connection, sql: string): Step[] {
  return gate
    .as("compile", () => rowsOf(engine, `explain query plan ${sql}`))
    .map(([id, parent, logCost, detail]) => ({
      id: Number(id),
      parent: Number(parent),
      logCost: Number(logCost),
      detail: String(detail),
    }));
}

/**
 * Rows SQLite would look at, by its own estimates: the loops of one level run inside each other, so theirs are multiplied; what is
 * computed once is added, and a correlated subquery runs for every row around it.
 *
 * @param most rows of the largest table read: without ANALYZE, SQLite takes every table to have a million
 */
function costOf(steps: readonly Step[], most: number, parent = 0, depth = 0): number {
  let inner = 1;
  let total = 0;
  for (const step of steps.filter((each) => each.parent === parent)) {
    const loop = /^(?:SCAN|SEARCH) /.test(step.detail);
    if (loop) {
      inner *= Math.min(2 ** (step.logCost / 10), most);
      total += inner;
    }
    const below = depth < MOST_DEPTH ? costOf(steps, most, step.id, depth + 1) : 0;
    total += step.detail.includes("CORRELATED") ? inner * below : below;
  }
  return Math.ceil(total);
}

/**
 * Rows that a change would touch, by SQLite's own estimates; all of the table where its plan has no loop, as for a DELETE without WHERE.
 * Nothing runs, and nobody but the planner is asked.
 */
export function changedRowsOf(connection: Connection, compiled: Compiled): number {
  const [first] = compiled.seen.writes;
  const access = first === undefined ? undefined : connection.policy.get(folded(first.table));
  if (first === undefined || access === undefined || access.kind === "hidden") {
    return 0;
  }
  const all = rowsInAll(connection, access.relation);
  const touched = costOf(planOf(connection, compiled.sql), Math.max(all, largestRead(connection, compiled)));
  if (first.kind === "insert") {
    return Math.max(1, touched);
  }
  return touched === 0 ? all : Math.min(all, touched);
}

/** Rows of the largest table that a statement reads, and at least as many as a small result of its own may have. */
function largestRead(connection: Connection, { seen }: Compiled): number {
  const counts = [...seen.reads.keys()].map((table) => {
    const access = connection.policy.get(folded(table));
    return access === undefined || access.kind === "hidden" ? 0 : rowsInAll(connection, access.relation);
  });
  return Math.max(SMALL_RESULT, ...counts);
}

function lines(
  connection: Connection,
  hidden: readonly string[],
  steps: readonly Step[],
  parent = 0,
  depth = 0,
): string[] {
  return steps
    .filter((step) => step.parent === parent)
    .flatMap((step) => [
      `${"  ".repeat(depth)}${told(connection, hidden, step.detail)}`,
      ...(depth < MOST_DEPTH ? lines(connection, hidden, steps, step.id, depth + 1) : []),
    ]);
}

/**
 * Indexes of tables behind our views. SQLite merges a view without a filter into the statement and then names the index as if it were
 * the caller's: `count(*)` over a table walks its smallest one, be it over a column that is denied.
 */
function indexesOfRestricted({ engine, gate, names, policy }: Connection): string[] {
  const sql = `select name, tbl_name from ${quoted(names.schema)}.sqlite_schema where type = 'index'`;
  return gate
    .asOwn(() => rowsOf(engine, sql))
    .flatMap(([index, table]) => (policy.get(folded(String(table)))?.kind === "open" ? [] : [String(index)]));
}

/** A table behind our view is walked by indexes and conditions of ours: which ones says what its rules are. */
function told({ names, policy }: Connection, hidden: readonly string[], detail: string): string {
  const ours =
    detail.includes(names.secret) ||
    hidden.some((index) => detail.includes(` INDEX ${index}`)) ||
    [...policy.values()].some((access) => countsByIndex(access, detail));
  return names.scrub(ours ? detail.replace(/ USING .*$/s, "") : detail);
}

/** `count(*)` walks the smallest index, be it over a denied column, and is told by the table's own name where our view was merged away. */
function countsByIndex(access: Access, detail: string): boolean {
  return access.kind === "restricted" && detail.startsWith(`SCAN ${access.relation.name} USING `);
}

function isFiltered({ policy }: Connection, table: string): boolean {
  const access = policy.get(folded(table));
  return access?.kind === "restricted" && access.rule.filter !== undefined;
}
