import { SQL_ERROR_MEANINGS, SqlError, type SqlErrorCode } from "../../../src/errors.ts";
import type { Caller, SqlSource } from "../../../src/source.ts";
import type { CorpusStatement } from "../../corpus/statement.ts";

/** What came of a statement that was guarded. */
export type Guarded =
  | {
      readonly kind: "rows";
      readonly rows: readonly (readonly unknown[])[];
      readonly whole: boolean;
      readonly text: string;
    }
  | {
      readonly kind: "refused";
      readonly code: SqlErrorCode;
      readonly text: string;
      /** What no client sees, for the message of a test. */
      readonly cause: string;
    }
  /** Something was thrown that is no refusal of ours. */
  | { readonly kind: "broken"; readonly text: string };

/** Asks for every page up to `pages`. `whole` says that there was no more, and nothing was cut. */
export async function ask(
  source: SqlSource,
  caller: Caller,
  { sql, params = [] }: Pick<CorpusStatement, "sql" | "params">,
  pages: number,
  timeoutMs?: number,
): Promise<Guarded> {
  const request = { sql, params, caller, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const rows: (readonly unknown[])[] = [];
  const names: string[] = [];
  let cursor: string | undefined;
  let cut = 0;
  try {
    for (let page = 0; page < pages; page++) {
      const answer = await source.query({ ...request, ...(cursor === undefined ? {} : { cursor }) });
      rows.push(...answer.rows);
      names.push(...answer.columns.map(({ name }) => name));
      cut += answer.cutCells;
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
  } catch (error) {
    return refusal(error);
  }
  return {
    kind: "rows",
    rows,
    whole: cursor === undefined && cut === 0,
    text: JSON.stringify([rows, withoutOwnWords(names, sql)]),
  };
}

/** The plan of a statement is an answer, too. */
export async function explained(source: SqlSource, caller: Caller, sql: string, timeoutMs?: number): Promise<Guarded> {
  try {
    const { plan, reads } = await source.explain({ sql, caller, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    return { kind: "rows", rows: [], whole: false, text: JSON.stringify([withoutOwnWords(plan, sql), reads]) };
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Guarded {
  if (!(error instanceof SqlError) || !Object.hasOwn(SQL_ERROR_MEANINGS, error.code)) {
    return { kind: "broken", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  return {
    kind: "refused",
    code: error.code,
    text: `${error.message} ${error.hint ?? ""}`,
    cause: String(error.cause),
  };
}

/** A column is named by the caller's own text, which holds the word that is looked for. */
function withoutOwnWords(texts: readonly string[], sql: string): readonly string[] {
  return sql.includes("CNRY") ? [] : texts;
}
