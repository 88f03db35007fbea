import type { StatementSync } from "node:sqlite";
import type { ResultColumn } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import { columnType } from "../types.ts";
import { checkRoots } from "./bytecode.ts";
import type { Connection } from "./connection.ts";
import { failure } from "./failure.ts";
import type { Seen } from "./gate.ts";
import { withoutMain } from "./main-prefix.ts";
import { countParams } from "./params.ts";

/** A statement that SQLite has compiled and the gate has let pass. */
export interface Compiled {
  /** As it was compiled: without `main.` before names. */
  readonly sql: string;
  readonly statement: StatementSync;
  readonly columns: readonly ResultColumn[];
  /** Where a column's values come from, for those that are columns of a table. */
  readonly origins: readonly ({ readonly table: string; readonly column: string } | undefined)[];
  readonly params: number;
  readonly seen: Seen;
  /** See `walksMaskedAgain` in plan.ts; not known until asked for. */
  walksMaskedAgain?: boolean;
  /** Integers beyond 2^53 were met: read them all as BigInt, which costs more. */
  bigints: boolean;
}

/** Statements kept per connection: the gate's work is paid once. */
const KEPT = 128;

/**
 * Characters of all names of a result's columns. `c.*, c.*, ...` over one column with a long name makes an answer of any size out of a
 * short statement (4 MB from 41 KB, measured), and no bound of rows or cells holds it.
 */
const MOST_NAMES = 100_000;

/** Compiles one statement that reads. @throws {SqlError} */
export function compileRead(connection: Connection, sql: string): Compiled {
  return compile(connection, sql, assertRead);
}

/** Compiles `written`, or answers what was compiled before. `check` sees what only one use of a statement needs. */
export function compile(
  connection: Connection,
  written: string,
  check: (connection: Connection, compiled: Compiled) => void,
): Compiled {
  const sql = withoutMain(connection.policy, written);
  const kept = connection.statements.get(sql);
  if (kept !== undefined) {
    connection.statements.delete(sql);
    connection.statements.set(sql, kept);
    check(connection, kept);
    return kept;
  }
  const compiled = compileNew(connection, sql);
  check(connection, compiled);
  connection.statements.set(sql, compiled);
  for (const oldest of connection.statements.keys()) {
    if (connection.statements.size <= KEPT) {
      break;
    }
    connection.statements.delete(oldest);
  }
  return compiled;
}

/**
 * Keeps a statement that failed from being run again. SQLite tells of its error a second time when it is made ready for that, which
 * whoever sends it next would take for his own; and node:sqlite has no call that does so beforehand.
 */
export function forget({ statements }: Connection, { sql }: Compiled): void {
  statements.delete(sql);
}

function compileNew(connection: Connection, sql: string): Compiled {
  if (!sql.isWellFormed() || sql.includes("\0")) {
    throw new SqlError("syntax", { hint: "The statement holds characters that SQL cannot." });
  }
  const { engine, gate } = connection;
  const statement = gated(connection, sql, () => engine.prepare(sql));
  const seen = gate.seen;
  assertOnlyOne(connection, sql, statement.sourceSQL);
  const columns = statement.columns();
  if (columns.reduce((sum, { name }) => sum + name.length, 0) > MOST_NAMES) {
    throw new SqlError("too_large", { hint: "The names of the columns are too long." });
  }
  const compiled: Compiled = {
    sql,
    statement,
    columns: columns.map(({ name, type }) => ({ name: connection.names.scrub(name), type: columnType(type) })),
    origins: columns.map(({ table, column }) => (table && column ? { table, column } : undefined)),
    params: gate.as("compile", () => countParams(engine, sql)),
    seen,
    bigints: false,
  };
  // Only there can USING reach what is neither open nor ours: names that SQLite lets nobody put a view before.
  if (/sqlite_/i.test(sql)) {
    checkRoots(connection, sql);
  }
  statement.setReturnArrays(true);
  return compiled;
}

function gated<Result>(connection: Connection, sql: string, work: () => Result): Result {
  try {
    return connection.gate.as("compile", work);
  } catch (error) {
    if (isEmpty(error)) {
      throw new SqlError("not_one_statement");
    }
    throw failure(connection, sql, error, false);
  }
}

/** node:sqlite compiles the first statement of several and says nothing of the rest. */
function assertOnlyOne(connection: Connection, sql: string, first: string): void {
  const rest = sql.startsWith(first) ? sql.slice(first.length) : sql;
  if (rest.trim() === "") {
    return;
  }
  try {
    connection.gate.as("compile", () => connection.engine.prepare(rest));
  } catch (error) {
    if (isEmpty(error)) {
      return;
    }
  }
  throw new SqlError("not_one_statement");
}

/** The only error of prepare() that is not SQLite's own: nothing but blanks and comments. */
function isEmpty(error: unknown): boolean {
  return error instanceof Error && error.message === "The SQL query contains no statements.";
}

/** The columns of a program and of a plan, which only EXPLAIN has without being told to. */
const EXPLAIN_COLUMNS = new Set(["addr,opcode,p1,p2,p3,p4,p5,comment", "id,parent,notused,detail"]);

/** VACUUM INTO and its kind raise no event until they run: a read has selected, and has columns. */
function assertRead(connection: Connection, { sql, seen, columns }: Compiled): void {
  if (seen.writes.length > 0 || !seen.selects || columns.length === 0) {
    throw new SqlError("not_a_read");
  }
  if (isExplain(connection, { sql, columns })) {
    throw new SqlError("not_a_read");
  }
}

/**
 * Whether a statement is an EXPLAIN: it has the columns of one, and cannot be explained itself. It does nothing and shows our inner
 * names: explanations come from `explain`, which takes those names out.
 */
export function isExplain({ engine, gate }: Connection, { sql, columns }: Pick<Compiled, "sql" | "columns">): boolean {
  if (!EXPLAIN_COLUMNS.has(columns.map((column) => column.name).join())) {
    return false;
  }
  try {
    gate.as("compile", () => engine.prepare(`explain ${sql}`));
    return false;
  } catch {
    return true;
  }
}
