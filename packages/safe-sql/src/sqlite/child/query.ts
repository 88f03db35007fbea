import type { SQLInputValue } from "node:sqlite";
import type { SqlParam } from "../../cells.ts";
import { SqlError } from "../../errors.ts";
import type { SourceLimits } from "../../source.ts";
import type { Resume } from "../wire.ts";
import { type Compiled, compileRead, forget } from "./compile.ts";
import type { Connection } from "./connection.ts";
import { failure } from "./failure.ts";
import { compilePast, type Keyset, keyColumn, walksByKey } from "./keyset.ts";
import { bound } from "./params.ts";
import { assertCost } from "./plan.ts";
import { type RowLimits, type RowsRead, readRows } from "./rows.ts";

/** JSON texts of an answer. */
export interface TwoParts {
  readonly head: string;
  readonly body: string;
}

export interface PageRequest {
  readonly sql: string;
  readonly params: readonly SqlParam[];
  readonly maxRows: number;
  readonly resume?: Resume | undefined;
}

/** Answers a page as JSON text, in two lines: what it is, and its rows, which the parent need not parse to send them on. */
export function query(connection: Connection, limits: SourceLimits, request: PageRequest): TwoParts {
  const { sql, params, maxRows, resume } = request;
  const compiled = compileRead(connection, sql);
  if (limits.maxCost !== undefined) {
    assertCost(connection, compiled, limits.maxCost);
  }
  const values = bound(params, compiled.params);
  const bounds = { ...limits, maxRows };
  const key = keyColumn(connection, compiled);
  if (resume !== undefined && "after" in resume) {
    if (key === undefined) {
      throw new SqlError("cursor");
    }
    const rest = compilePast(connection, compiled, key, resume.descending);
    const read = run(connection, rest, [...values, BigInt(resume.after)], bounds, 0, key);
    return inTwo(compiled, read, read.more ? lastKey(read, resume.descending) : undefined);
  }
  const skip = resume?.skip ?? 0;
  const read = run(connection, compiled, values, bounds, skip, key);
  return inTwo(compiled, read, read.more ? next(connection, compiled, read, skip, key) : undefined);
}

/** Runs a statement that passed the gate, and answers its rows. @throws {SqlError} */
export function run(
  connection: Connection,
  compiled: Compiled,
  values: SQLInputValue[],
  bounds: RowLimits,
  skip: number,
  key: Keyset | undefined,
): RowsRead {
  const { gate } = connection;
  gate.seen = { ...compiled.seen, denial: undefined };
  const read = (): RowsRead => gate.as("run", () => readRows(compiled.statement, values, bounds, skip, key?.index));
  try {
    return read();
  } catch (error) {
    if (!compiled.bigints && (error as { readonly code?: string }).code === "ERR_OUT_OF_RANGE") {
      compiled.bigints = true;
      compiled.statement.setReadBigInts(true);
      return run(connection, compiled, values, bounds, skip, key);
    }
    forget(connection, compiled);
    throw failure(connection, compiled.sql, error, true);
  }
}

export function page({ columns }: Compiled, { json, cutCells }: RowsRead): string {
  return `{"columns":${JSON.stringify(columns)},"rows":${json},"cutCells":${cutCells}}`;
}

function inTwo({ columns }: Compiled, { json, count, cutCells }: RowsRead, resume: Resume | undefined): TwoParts {
  return { head: JSON.stringify({ columns, count, cutCells, next: resume }), body: json };
}

/** Past the last key where the engine walks by it and the page was in its order; else past as many rows, from the start again. */
function next(
  connection: Connection,
  compiled: Compiled,
  read: RowsRead,
  skip: number,
  key: Keyset | undefined,
): Resume {
  const direction = key && directionOf(read.keys ?? []);
  if (key !== undefined && direction !== undefined && walksByKey(connection, compiled)) {
    try {
      compilePast(connection, compiled, key, direction === "down");
      return lastKey(read, direction === "down");
    } catch {
      // The statement cannot be wrapped: it is at a limit.
    }
  }
  return { skip: skip + read.count };
}

function lastKey({ keys }: RowsRead, descending: boolean): Resume {
  const last = keys?.at(-1);
  if (last === undefined) {
    throw new SqlError("failed");
  }
  return { after: String(last), descending };
}

function directionOf(keys: readonly (number | bigint)[]): "up" | "down" | undefined {
  const steps = keys.slice(1).map((key, index) => key > (keys[index] ?? key));
  return steps.length === 0 ? undefined : steps.every(Boolean) ? "up" : strictlyDown(keys) ? "down" : undefined;
}

function strictlyDown(keys: readonly (number | bigint)[]): boolean {
  return keys.slice(1).every((key, index) => key < (keys[index] ?? key));
}
