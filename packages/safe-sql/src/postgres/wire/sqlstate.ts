import { SqlError, type SqlErrorCode } from "../../errors.ts";

/** SQLSTATE to code: whole states first, then classes (their first two characters). PostgreSQL's documentation, appendix A. */
const CODES: Readonly<Record<string, SqlErrorCode>> = {
  "25006": "not_a_read",
  "08P01": "params",
  "0A000": "failed",
  "42501": "denied",
  "42P01": "unknown_name",
  "42703": "unknown_name",
  "42704": "unknown_name",
  "42883": "unknown_name",
  "3F000": "unknown_name",
  "42P18": "params",
  "42P02": "params",
  "55P03": "conflict",
  "57014": "timeout",
  "25P04": "timeout",
  "57P05": "unavailable",
  "55000": "failed",
  "44000": "constraint",
  "08": "unavailable",
  "22": "failed",
  "21": "failed",
  "23": "constraint",
  "25": "unavailable",
  "28": "unavailable",
  "3D": "unavailable",
  "40": "conflict",
  "42": "syntax",
  "53": "too_large",
  "53300": "unavailable",
  "54": "too_large",
  "57": "unavailable",
  "58": "unavailable",
};

/** What the caller's own expression did, where its state says it. Rows that a filter leaves out cause none of them. */
const REASONS: Readonly<Record<string, string>> = {
  "22012": "Division by zero.",
  "22P02": "A text is not of the type it is turned into.",
  "22007": "A text is no date or time.",
  "22008": "A date or time is out of range.",
  "22003": "A number is out of range.",
  "21000": "A subquery gives more than one row where one is expected.",
};

/**
 * What a failure of the server or of the connection is to a caller. The server's text is kept as `cause` alone: it holds values,
 * names of hidden columns ("Perhaps you meant ..."), and the statements of views.
 *
 * @param caller the caller's statement, and how many characters stood before it in what the server saw
 */
export function sqlErrorOf(error: unknown, caller?: { readonly sql: string; readonly offset: number }): SqlError {
  if (error instanceof SqlError) return error;
  const { code, position } = error as { code?: unknown; position?: unknown };
  // Without a SQLSTATE the server did not say it: the connection broke.
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return new SqlError("unavailable", { cause: error });
  const found = CODES[code] ?? CODES[code.slice(0, 2)] ?? "failed";
  const place = caller && placeHint(found, caller.sql, Number(position) - caller.offset);
  return new SqlError(found, { hint: REASONS[code] ?? place, cause: error });
}

/** @param position characters from the start, from 1, as the server counts them */
export function placeHint(code: SqlErrorCode, sql: string, position: number): string | undefined {
  if (!Number.isInteger(position) || position < 1) return undefined;
  const rest = Array.from(sql)
    .slice(position - 1)
    .join("");
  const word = /^(?:"[^"]{1,63}"|[\p{L}_][\p{L}\p{N}_$.]{0,126})/u.exec(rest)?.[0];
  if (word === undefined) return code === "syntax" ? `at character ${position}` : undefined;
  return `${word}, at character ${position}`;
}
