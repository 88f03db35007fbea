import { SQL_ERROR_MEANINGS, SqlError, type SqlErrorCode } from "@hardened-mcp/safe-sql";
import { CallError, type CatalogueEntry, type ErrorCode } from "@hardened-mcp/server";

/** The public code of each error of a source; `undefined`: only a start can meet it, so here it is a fault of ours. */
const PUBLIC_CODE: Readonly<Record<SqlErrorCode, ErrorCode | undefined>> = {
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
};

/** Every error a tool of this server may raise, with the words a client sees. */
export const SQL_ERRORS: Readonly<Record<string, CatalogueEntry>> = Object.fromEntries(
  Object.entries(PUBLIC_CODE).flatMap(([reason, code]) =>
    code === undefined ? [] : [[reason, { code, message: SQL_ERROR_MEANINGS[reason as SqlErrorCode] }]],
  ),
);

const MAX_HINT = 300;

/**
 * Runs what asks a source; its SqlError leaves as a public one, the original kept for the operator.
 *
 * A hint is safe to show by the contract of safe-sql: it holds the caller's own words, or names the caller may use. It is cut
 * and freed of control characters here all the same, since it may repeat what a model was made to send.
 */
export async function answering<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const code = PUBLIC_CODE[error.code];
    if (code === undefined) throw error;
    throw new CallError(code, withHint(error), { cause: error, rule: `sql/${error.code}` });
  }
}

function withHint({ code, hint }: SqlError): string {
  const meaning = SQL_ERROR_MEANINGS[code];
  if (hint === undefined) return meaning;
  const clean = hint.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
  return `${meaning} ${clean.length > MAX_HINT ? `${clean.slice(0, MAX_HINT)}…` : clean}`;
}
