import type { TableSummary } from "@hardened-mcp/safe-sql";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { callerOf } from "../caller.ts";
import type { DatabaseContext } from "../context.ts";
import { namesOf, sourceArgument, sourceOf } from "../sources/ask.ts";
import { cursorArgument, databaseTool } from "./database-tool.ts";
import { afterName, decodeName, encodeName } from "./name-cursor.ts";

/** Longest name, declaration or comment that is shown, in characters. */
const MAX_TEXT = 4096;

export const tableSummary = z.strictObject({
  name: z.string(),
  kind: z.enum(["table", "view", "virtual"]),
  estimatedRows: z.number().min(0).optional(),
  comment: z.string().optional(),
});

/** Tables and views that the caller may read. */
export function listTables(context: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "list_tables",
    title: "List Tables",
    description: "List the tables and views that can be read, sorted by name, with estimated row counts.",
    input: z.strictObject({
      source: sourceArgument(namesOf(context)),
      limit: z.int().min(1).max(1000).default(200),
      cursor: cursorArgument,
    }),
    audit: { source: "plain" },
    output: z.strictObject({ tables: z.array(tableSummary), nextCursor: z.string().optional() }),
    run: async ({ source: name, limit, cursor }, call) => {
      const { source } = sourceOf(context, name);
      const query = ["list_tables", name];
      const tables = await source.listTables(callerOf(call.principal), call.signal);
      const { page, last } = afterName(tables, decodeName(cursor, query), limit);
      return { tables: page.map(toSummary), ...(last === undefined ? {} : { nextCursor: encodeName(query, last) }) };
    },
  });
}

export function toSummary({ name, kind, estimatedRows, comment }: TableSummary): z.input<typeof tableSummary> {
  return {
    name,
    kind,
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    ...(comment === undefined ? {} : { comment: shorten(comment) }),
  };
}

/** A comment is as long as its author liked. */
export function shorten(full: string): string {
  return full.length > MAX_TEXT ? `${full.slice(0, MAX_TEXT)}…` : full;
}
