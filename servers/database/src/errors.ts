import { publicErrorOf, SQL_ERROR_MEANINGS, SQL_PUBLIC_CODES, type SqlErrorCode } from "@hardened-mcp/safe-sql";
import { CallError, type CatalogueEntry } from "@hardened-mcp/server";

/** Every error a tool of this server may raise, with the words a client sees. */
export const SQL_ERRORS: Readonly<Record<string, CatalogueEntry>> = Object.fromEntries(
  Object.entries(SQL_PUBLIC_CODES).flatMap(([reason, code]) =>
    code === undefined ? [] : [[reason, { code, message: SQL_ERROR_MEANINGS[reason as SqlErrorCode] }]],
  ),
);

/** Runs what asks a source; its SqlError leaves as a public one, the original kept for the operator. */
export async function answering<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const told = publicErrorOf(error);
    if (told === undefined) throw error;
    throw new CallError(told.code, told.message, { cause: error, rule: told.rule });
  }
}
