import { DatabaseSync, type StatementSync } from "node:sqlite";

/** What node:sqlite of Node 24 has and its published types do not know yet. */
interface MoreOptions {
  readonly defensive: boolean;
  readonly limits: Readonly<Record<string, number>>;
}
interface More {
  readonly limits: Record<string, number>;
  enableDefensive(on: boolean): void;
}
export type Engine = DatabaseSync & More;

export function openEngine(options: ConstructorParameters<typeof DatabaseSync>[1] & MoreOptions): Engine {
  // An empty database in memory is `main`; the file is attached under a name nobody can guess. See connection.ts.
  return new DatabaseSync(":memory:", options) as Engine;
}

/** A statement that answers lists of cells. */
export function prepareRows(engine: Engine, sql: string): StatementSync {
  const statement = engine.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** Rows of a statement of our own. */
export function rowsOf(engine: Engine, sql: string, ...params: (string | number | null)[]): unknown[][] {
  return prepareRows(engine, sql).all(...params) as unknown as unknown[][];
}

/** `name` as an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
