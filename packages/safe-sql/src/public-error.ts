import { SQL_ERROR_MEANINGS, SqlError, type SqlErrorCode } from "./errors.ts";

/**
 * What a server answers its client with for each error of a source: a word for programs. `undefined`: only a start can meet it, so in
 * an answer it is a fault of the server.
 */
export const SQL_PUBLIC_CODES = {
  syntax: "invalid_input",
  not_one_statement: "invalid_input",
  not_a_read: "denied",
  not_a_change: "denied",
  denied: "denied",
  unknown_name: "not_found",
  params: "invalid_input",
  failed: "invalid_input",
  constraint: "conflict",
  conflict: "conflict",
  too_costly: "too_large",
  too_many_rows: "too_large",
  every_row: "invalid_input",
  too_large: "too_large",
  timeout: "timeout",
  cancelled: "cancelled",
  cursor: "invalid_input",
  read_only: "denied",
  unavailable: "unavailable",
  invalid_option: undefined,
  unsafe_role: undefined,
} as const satisfies Readonly<Record<SqlErrorCode, string | undefined>>;

/** See {@link SQL_PUBLIC_CODES}. */
export type SqlPublicCode = NonNullable<(typeof SQL_PUBLIC_CODES)[SqlErrorCode]>;

/** What may be told of an error. */
export interface PublicSqlError {
  readonly code: SqlPublicCode;
  /** The meaning of the error, and its hint. */
  readonly message: string;
  /** Which error it was, in fixed words, for the record: `sql/not_a_read`. */
  readonly rule: `sql/${SqlErrorCode}`;
}

const MAX_HINT = 300;

/**
 * What a client may be told of an error; `undefined` where that is nothing but that there was one.
 *
 * A hint is safe to show by the contract of {@link SqlError}: it holds the caller's own words, or names the caller may use. It is
 * cut and freed of control and invisible characters all the same, since it may repeat what a model was made to send.
 */
export function publicErrorOf(error: unknown): PublicSqlError | undefined {
  if (!(error instanceof SqlError)) return undefined;
  const code = SQL_PUBLIC_CODES[error.code];
  return code === undefined ? undefined : { code, message: withHint(error), rule: `sql/${error.code}` };
}

function withHint({ code, hint }: SqlError): string {
  const meaning = SQL_ERROR_MEANINGS[code];
  if (hint === undefined) return meaning;
  const clean = hint.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
  return `${meaning} ${clean.length > MAX_HINT ? `${clean.slice(0, MAX_HINT)}…` : clean}`;
}
