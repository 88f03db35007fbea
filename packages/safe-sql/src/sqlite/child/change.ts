import type { SQLInputValue } from "node:sqlite";
import { SqlError } from "../../errors.ts";
import type { ChangeForecast, SourceLimits } from "../../source.ts";
import { folded } from "../fold.ts";
import type { ChangeAsk } from "../wire.ts";
import { programOf } from "./bytecode.ts";
import { type Compiled, compile, forget, isExplain } from "./compile.ts";
import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";
import { failure } from "./failure.ts";
import { bound } from "./params.ts";
import { changedRowsOf } from "./plan.ts";
import { page } from "./query.ts";
import { type RowsRead, readRows } from "./rows.ts";

/**
 * What a statement would do, by its program alone. It is asked before anybody has allowed the change: done and undone, it would lock
 * the database, and tell of constraints, for callers who may not change anything.
 */
export function forecast(connection: Connection, ask: ChangeAsk): string {
  const { compiled, what } = prepared(connection, ask);
  return JSON.stringify({ ...what, estimatedRows: changedRowsOf(connection, compiled) });
}

/** Changes the database, or nothing at all. @throws {SqlError} `conflict` `too_many_rows` `every_row` `constraint` ... */
export function execute(connection: Connection, limits: SourceLimits, ask: ChangeAsk): string {
  const { compiled, values, what } = prepared(connection, ask);
  if (ask.expected !== undefined && ask.expected !== what.effect) {
    throw new SqlError("conflict", { hint: `The statement would ${what.effect}.` });
  }
  const estimatedRows = changedRowsOf(connection, compiled);
  return inTransaction(connection, ask.sql, () => {
    const { read, touched, direct } = done(connection, limits, compiled, values);
    if (touched > limits.maxChangedRows) {
      throw new SqlError("too_many_rows", { hint: `It would change ${touched}; at most ${limits.maxChangedRows}.` });
    }
    if (!ask.everyRow && what.statement !== "insert" && touchesAll(connection, what, direct)) {
      throw new SqlError("every_row");
    }
    const told = { ...what, estimatedRows, changedRows: touched };
    const returned = compiled.columns.length === 0 ? "" : `,"returned":${page(compiled, read)}`;
    return `${JSON.stringify(told).slice(0, -1)}${returned}}`;
  });
}

function prepared(
  connection: Connection,
  { sql, params }: ChangeAsk,
): { compiled: Compiled; values: SQLInputValue[]; what: ChangeForecast } {
  const compiled = compile(connection, sql, assertChange);
  assertMayReplace(connection, compiled);
  return { compiled, values: bound(params, compiled.params), what: whatOf(connection, compiled) };
}

function assertChange(connection: Connection, compiled: Compiled): void {
  const first = compiled.seen.writes[0];
  if (first === undefined || first.context !== null || isExplain(connection, compiled)) {
    throw new SqlError("not_a_change");
  }
}

/**
 * Refuses what deletes by replacing where only inserts or updates are allowed: `insert or replace into log ...` took the place of every
 * row it liked with the right to insert alone, since SQLite raises no DELETE event for it.
 *
 * Of INSERTs the program tells. That of any UPDATE deletes entries, so there the word decides, of the statement or of the table's own
 * `on conflict replace`: as a keyword it is never followed by a parenthesis, as the function it always is.
 *
 * @throws {SqlError} `denied`
 */
function assertMayReplace(connection: Connection, { seen, sql }: Compiled): void {
  const { engine, gate, names, policy } = connection;
  const forbidden = seen.writes.find(({ table }) => {
    const access = policy.get(folded(table));
    return access?.kind === "open" && !access.write.includes("delete");
  });
  if (forbidden === undefined) {
    return;
  }
  const definitions = (): string[] =>
    gate
      .asOwn(() =>
        rowsOf(engine, `select tbl_name, sql from ${quoted(names.schema)}.sqlite_schema where type = 'table'`),
      )
      .flatMap(([table, text]) => (seen.writes.some((write) => write.table === table) ? [String(text)] : []));
  const replacing = seen.writes.every(({ kind }) => kind === "insert")
    ? replaces(connection, sql)
    : [sql, ...definitions()].some((text) => REPLACE.test(text));
  if (replacing) {
    throw new SqlError("denied", { hint: `Rows of ${forbidden.table} may not be replaced.` });
  }
}

const REPLACE = /\breplace\b(?!\s*\()/i;

/**
 * `destroy` where anything that is there may go or become another: an UPDATE or DELETE event of the statement, its triggers or its
 * cascades; an INSERT that replaces, for which SQLite raises no event, but which its program shows; and any change of a virtual
 * table, whose INSERT may be a command (`insert into notes(notes) values ('delete-all')`).
 */
function whatOf(connection: Connection, { seen, sql }: Compiled): ChangeForecast {
  const [first] = seen.writes;
  if (first === undefined) {
    throw new SqlError("not_a_change");
  }
  const adds = seen.writes.every(({ kind }) => kind === "insert") && !seen.virtual && !replaces(connection, sql);
  return { effect: adds ? "write" : "destroy", statement: first.kind, table: first.table };
}

/**
 * Whether a program of INSERTs replaces rows: it deletes an entry of a table or an index, or looks for a row and goes on in the same
 * way whether it is there or not.
 */
function replaces(connection: Connection, sql: string): boolean {
  return programOf(connection, sql).some(
    ({ address, opcode, p2 }) =>
      opcode === "Delete" || opcode === "IdxDelete" || (opcode === "NotExists" && p2 === address + 1),
  );
}

interface Done {
  readonly read: RowsRead;
  /** Rows changed, with those of triggers and cascades. */
  readonly touched: number;
  /** Rows changed by the statement itself. */
  readonly direct: number;
}

function done(connection: Connection, limits: SourceLimits, compiled: Compiled, values: SQLInputValue[]): Done {
  const { engine, gate } = connection;
  const before = counted(connection)[1];
  gate.seen = { ...compiled.seen, denial: undefined };
  compiled.statement.setReadBigInts(true);
  const bounds = { ...limits, maxRows: limits.maxRows };
  let read: RowsRead;
  try {
    read = gate.as("run", () => readRows(compiled.statement, values, bounds, 0, undefined));
  } catch (error) {
    forget(connection, compiled);
    throw failure(connection, compiled.sql, error, true);
  }
  const [direct, total] = gate.asOwn(() => counts(engine));
  return { read, touched: total - before, direct };
}

function counted({ engine, gate }: Connection): [number, number] {
  return gate.asOwn(() => counts(engine));
}

function counts(engine: Connection["engine"]): [number, number] {
  const [row] = rowsOf(engine, "select changes(), total_changes()");
  return [Number(row?.[0]), Number(row?.[1])];
}

/** Whether a change of more than one row left no row of its table out. */
function touchesAll({ engine, gate, names }: Connection, what: ChangeForecast, direct: number): boolean {
  if (direct < 2) {
    return false;
  }
  const from = `${quoted(names.schema)}.${quoted(what.table)}`;
  const left = gate.asOwn(() => rowsOf(engine, `select count(*) from (select 1 from ${from} limit ?)`, direct + 1));
  return Number(left[0]?.[0]) <= (what.statement === "delete" ? 0 : direct);
}

/** Runs `work` with the database locked for writing; an error undoes it. */
function inTransaction(connection: Connection, sql: string, work: () => string): string {
  const { engine, gate } = connection;
  const own = (statement: string): void => {
    try {
      gate.asOwn(() => engine.exec(statement));
    } catch (error) {
      throw failure(connection, sql, error, true);
    }
  };
  own("begin immediate");
  try {
    if (connection.schemaVersion() !== connection.madeFrom) {
      throw new SqlError("conflict", { hint: "The schema has just changed." });
    }
    const answer = work();
    own("commit");
    return answer;
  } catch (error) {
    if (engine.isTransaction) {
      own("rollback");
    }
    throw error;
  }
}
