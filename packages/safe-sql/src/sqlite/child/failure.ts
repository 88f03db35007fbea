import { SqlError, type SqlErrorCode } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import type { Connection } from "./connection.ts";
import type { Denial } from "./gate.ts";

/** Result codes of SQLite, by what they mean to a caller. https://www.sqlite.org/rescode.html */
export const BY_CODE: Readonly<Record<number, SqlErrorCode>> = {
  5: "conflict", // BUSY
  6: "conflict", // LOCKED
  7: "too_large", // NOMEM
  8: "unavailable", // READONLY: a journal of a writer that crashed waits to be rolled back
  9: "timeout", // INTERRUPT
  10: "unavailable", // IOERR
  11: "unavailable", // CORRUPT
  13: "too_large", // FULL
  14: "unavailable", // CANTOPEN
  17: "conflict", // SCHEMA
  18: "too_large", // TOOBIG
  19: "constraint",
  23: "denied", // AUTH
  25: "params", // RANGE
  26: "unavailable", // NOTADB
};

/** SQLITE_IOERR_WRITE and its kin: the disk that holds the sorter is full, or a temporary file has met its limit. */
const DISK_CODES = new Set([778, 1290, 4874, 6410]);

/** Texts of the engine that are worth a hint: the word is the caller's own. */
const NO_SUCH = /^no such (?:table|column|function|window): (?:\w+\.)*(.+)$/;
/** Said of a table that is called like a function, where one that is not there is "no such table". */
const NO_FUNCTION = /^'(.+)' is not a function$/;
const NEAR = /^near "(.*)": syntax error$/s;

/**
 * What an engine's error means. Its text goes no further than `cause`: a hint holds only a word that is in the caller's own statement,
 * and names the caller may read.
 */
export function failure(connection: Connection, sql: string, error: unknown, running: boolean): SqlError {
  if (error instanceof SqlError) {
    return error;
  }
  const text = error instanceof Error ? error.message : String(error);
  const refused = connection.gate.writable ? "not_a_change" : "not_a_read";
  if (!running && NEVER.test(sql)) {
    return new SqlError(refused, { cause: error });
  }
  const hidden = connection.names.hiddenIn(text);
  if (hidden !== undefined) {
    return unknownName(connection, sql, hidden, error);
  }
  const denial = connection.gate.seen.denial;
  if (denial !== undefined) {
    return denied(connection, sql, denial, error);
  }
  const code = (error as { readonly errcode?: number }).errcode;
  if (code === undefined) {
    return new SqlError("failed", { cause: error });
  }
  if (DISK_CODES.has(code)) {
    return new SqlError("too_large", {
      hint: "The statement sorts or holds more than the disk may take.",
      cause: error,
    });
  }
  const known = BY_CODE[code & 0xff];
  if (known !== undefined) {
    return new SqlError(known, { cause: error });
  }
  return running ? new SqlError("failed", { cause: error }) : notCompiled(connection, sql, text, error);
}

/**
 * Statements that are never accepted, by their first word. It decides nothing but how they are told: SQLite checks their names before it
 * asks, and "use DROP VIEW" for a name tells that there is something of ours, where "no such table" would tell that there is nothing.
 */
const NEVER =
  /^(?:\s|--[^\n]*\n|\/\*.*?\*\/)*(?:create|drop|alter|attach|detach|pragma|vacuum|analyze|reindex|begin|commit|end|rollback|savepoint|release)\b/is;

function notCompiled(connection: Connection, sql: string, text: string, cause: unknown): SqlError {
  const word = (NO_SUCH.exec(text) ?? NO_FUNCTION.exec(text))?.[1];
  if (word !== undefined) {
    return unknownName(connection, sql, word, cause);
  }
  if (/too (?:large|many|long)|parser stack overflow|limit/i.test(text)) {
    return new SqlError("too_large", { hint: "The statement is too large or too deep.", cause });
  }
  if (text.startsWith("cannot modify") || text.includes("may not be modified")) {
    return new SqlError("denied", { hint: "That table cannot be changed here.", cause });
  }
  const near = NEAR.exec(text)?.[1];
  const hint =
    near !== undefined && sql.includes(near) ? `Near ${JSON.stringify(near.slice(0, 60))}.` : plainHint(text);
  return new SqlError("syntax", { hint, cause });
}

/** Hints that hold no name at all. */
function plainHint(text: string): string | undefined {
  return text === "incomplete input"
    ? "The statement ends too early."
    : text.startsWith("ambiguous column name")
      ? "A column name is in more than one table: write the table before it."
      : text.startsWith("wrong number of arguments")
        ? "A function has the wrong number of arguments."
        : text.startsWith("misuse of")
          ? "An aggregate or window function is in a place where it cannot be."
          : undefined;
}

function denied(connection: Connection, sql: string, denial: Denial, cause: unknown): SqlError {
  switch (denial.what) {
    case "table":
    case "column":
      return unknownName(connection, sql, denial.name, cause);
    case "behind":
      return new SqlError("denied", { hint: "A trigger or a foreign key reads what may not be read here.", cause });
    case "masked":
      return new SqlError("denied", { hint: "A view reads a masked column.", cause });
    case "function":
      return new SqlError("denied", { hint: echoed(sql, denial.name, "This function may not be called here"), cause });
    case "write":
      return new SqlError("denied", { hint: echoed(sql, denial.name, "This table may not be changed so"), cause });
    case "action":
      return new SqlError(connection.gate.writable ? "not_a_change" : "not_a_read", { cause });
  }
}

function unknownName(connection: Connection, sql: string, word: string, cause: unknown): SqlError {
  const own = occurs(sql, word) ? word.slice(0, 100) : undefined;
  const close = own === undefined ? undefined : nearest(own, readableNames(connection));
  const advice =
    close?.toLowerCase() === own?.toLowerCase()
      ? "you may read something of that name, but not here"
      : `did you mean ${close}?`;
  const hint = own === undefined || close === undefined ? own : `${own}; ${advice}`;
  return new SqlError("unknown_name", { hint, cause });
}

function echoed(sql: string, word: string, text: string): string {
  return occurs(sql, word) ? `${text}: ${word.slice(0, 100)}` : `${text}.`;
}

function occurs(sql: string, word: string): boolean {
  return word !== "" && sql.toLowerCase().includes(word.toLowerCase());
}

function readableNames({ policy }: Connection): string[] {
  return [...policy.values()].flatMap((access) =>
    access.kind === "hidden"
      ? []
      : [
          access.relation.name,
          ...(access.kind === "open" ? access.relation.columns : access.visible).map((column) => column.name),
        ],
  );
}
