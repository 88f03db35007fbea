import type { ToolDefinition } from "@hardened-mcp/server";
import type { DatabaseContext } from "../context.ts";
import { namesOf } from "../sources/ask.ts";
import type { CheckedQuery } from "../sources/check-queries.ts";
import { describeTable } from "./describe-table.ts";
import { execute } from "./execute.ts";
import { explainQuery } from "./explain-query.ts";
import { listSources } from "./list-sources.ts";
import { listTables } from "./list-tables.ts";
import { query } from "./query.ts";
import { sampleRows } from "./sample-rows.ts";
import { savedQuery } from "./saved-query.ts";
import { searchSchema } from "./search-schema.ts";

/** Every tool, in the order clients list them. */
export function allTools(
  context: DatabaseContext,
  { freeSql, saved }: { readonly freeSql: boolean; readonly saved: readonly CheckedQuery[] },
): readonly ToolDefinition[] {
  const isWritable = namesOf(context, ({ writable }) => writable).length > 0;
  return [
    listSources(context),
    listTables(context),
    describeTable(context),
    ...(freeSql ? [query(context), explainQuery(context)] : []),
    sampleRows(context),
    searchSchema(context),
    ...(freeSql && isWritable ? [execute(context)] : []),
    ...saved.map((one) => savedQuery(context, one)),
  ];
}
