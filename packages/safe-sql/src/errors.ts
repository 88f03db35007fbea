/** What each code means, in words that are safe to show: none holds text of an engine, of a query or of a connection. */
export const SQL_ERROR_MEANINGS = {
  syntax: "The statement is not valid SQL for this database.",
  not_one_statement: "Send exactly one statement; there is no second one after a semicolon, and an empty one is none.",
  not_a_read: "Only statements that read are accepted here.",
  not_a_change: "Only INSERT, UPDATE and DELETE of one statement are accepted here.",
  denied: "The statement reads or calls something that is not allowed here.",
  unknown_name: "There is no such table, column or function that you may use.",
  params: "The parameters do not fit the statement.",
  failed: "The statement failed while it ran, on a value it met.",
  constraint: "A constraint of the database refuses this change.",
  conflict: "Another transaction holds what this statement needs. Try again.",
  too_costly: "The statement is estimated to cost more than is allowed. Narrow it down.",
  too_many_rows: "The change touches more rows than is allowed. Nothing was changed.",
  every_row: "The change touches every row of the table. Nothing was changed. Say so if that is meant.",
  too_large: "The statement needs more memory, disk or room in the answer than is allowed.",
  timeout: "The statement was stopped at its deadline.",
  cancelled: "The statement was stopped, since its caller went away.",
  cursor: "The cursor was not given for this query, or has expired. Start again without one.",
  read_only: "This source is read-only.",
  unavailable: "The database is away. Try again later.",
  invalid_option: "The configuration of the source is not valid.",
  unsafe_role: "The rights of the database role are not what they should be.",
} as const;

/** Stable identifiers; a `switch` over them narrows. */
export type SqlErrorCode = keyof typeof SQL_ERROR_MEANINGS;

/**
 * The only error this package throws on purpose.
 *
 * `message` is the meaning of `code`; `hint` may add a place, the caller's own word, or names the caller may use. Both are safe to
 * show. `cause` holds internal detail (an engine's text, a path, a host) and must never reach a client.
 */
export class SqlError extends Error {
  override readonly name = "SqlError";
  readonly code: SqlErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: SqlErrorCode,
    { hint, cause }: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(SQL_ERROR_MEANINGS[code], cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
