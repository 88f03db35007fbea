import { SqlError } from "@hardened-mcp/safe-sql";

const REFUSALS: ReadonlySet<string> = new Set(["unknown_name", "denied", "not_a_read", "syntax"]);
const TOOLS = "list_tables and describe_table tell the schema.";
/** How models ask a database for its schema, whatever they were told. It decides nothing: the statement was refused already. */
const ASKS_FOR_SCHEMA =
  /\b(?:sqlite_(?:temp_)?(?:schema|master)|pragma|information_schema|pg_catalog|pg_tables|pg_class|show|describe)\b/i;

/** Runs what asks; where that is refused and wanted the schema, the refusal says which tools tell it. */
export async function pointingAtSchema<T>(sql: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SqlError) || !REFUSALS.has(error.code) || !ASKS_FOR_SCHEMA.test(sql)) throw error;
    const hint = error.hint === undefined ? TOOLS : `${error.hint.replace(/[^.?]$/, "$&.")} ${TOOLS}`;
    throw new SqlError(error.code, { hint, cause: error });
  }
}
