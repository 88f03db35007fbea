import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { MOST_CHARACTERS, MOST_ROWS, type NaiveOutcome } from "./outcome.ts";
import { cell } from "./sqlite-cell.ts";

/**
 * Runs statements as a server without a guard does, in a process that may hang or die of it.
 *
 * - `prepare`: a handle that is opened read-only, and `prepare()`: what most call safe
 * - `prefix`: a handle that may write, for texts that begin with a word that reads, and all the statements of one text
 */
export interface NaiveRequest {
  readonly file: string;
  readonly sql: string;
  readonly params: readonly (null | number | string)[];
  readonly mode: "prepare" | "prefix";
  /** What `identity(...)` says; rules and callers may ask for it. */
  readonly identity?: Readonly<Record<string, string>>;
}

const READING = /^\s*(select|with|values|explain|pragma)\b/i;

process.on("message", (request: NaiveRequest) => process.send?.(answer(request)));
process.send?.("ready");

function answer({ file, sql, params, mode, identity }: NaiveRequest): NaiveOutcome {
  if (mode === "prefix" && !READING.test(sql)) return { kind: "error", message: "not a reading word", session: false };
  const db = new DatabaseSync(file, { readOnly: mode === "prepare", allowExtension: true });
  if (identity !== undefined) db.function("identity", (name) => identity[String(name)] ?? null);
  const before = session(db);
  const changed = (): boolean => {
    try {
      return session(db) !== before;
    } catch {
      return true;
    }
  };
  try {
    const result = read(db, sql, params);
    if (mode === "prefix") db.exec(sql);
    return { ...result, session: changed() };
  } catch (error) {
    return { kind: "error", message: (error as Error).message, session: changed() };
  } finally {
    try {
      db.close();
    } catch {
      // A handle that the statement left in no state to be closed.
    }
  }
}

function read(
  db: DatabaseSync,
  sql: string,
  params: NaiveRequest["params"],
): { kind: "rows"; rows: unknown[][] } | { kind: "huge" } {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const rows: unknown[][] = [];
  let characters = 0;
  for (const row of statement.iterate(...params) as unknown as Iterable<SQLOutputValue[]>) {
    const cells = row.map(cell);
    characters += JSON.stringify(cells).length;
    if (rows.push(cells) > MOST_ROWS || characters > MOST_CHARACTERS) return { kind: "huge" };
  }
  return { kind: "rows", rows };
}

/** What a statement can leave behind for the next caller of the same handle. */
function session(db: DatabaseSync): string {
  const settings = ["query_only", "foreign_keys", "temp_store", "temp_store_directory", "cache_size", "busy_timeout"];
  const also = ["locking_mode", "trusted_schema", "recursive_triggers", "writable_schema", "automatic_index"];
  return JSON.stringify([
    db.isTransaction,
    // Looking at the temporary schema brings it into this list.
    db.prepare("select name, file from pragma_database_list where name <> 'temp'").all(),
    db.prepare("select name, sql from sqlite_temp_schema").all(),
    [...settings, ...also, "synchronous", "journal_size_limit", "mmap_size", "hard_heap_limit", "soft_heap_limit"].map(
      (name) => db.prepare(`pragma ${name}`).all(),
    ),
  ]);
}
