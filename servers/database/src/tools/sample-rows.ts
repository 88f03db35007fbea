import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { DatabaseContext } from "../context.ts";
import { asked, namesOf, sourceArgument, sourceOf } from "../sources/ask.ts";
import { cursorArgument, databaseTool, tableArgument } from "./database-tool.ts";
import { resultSchema, toResult } from "./result.ts";

/** The first rows of a table, for a look at what is in it. */
export function sampleRows(context: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "sample_rows",
    title: "Sample Rows",
    description: "Show the first rows of a table or view.",
    input: z.strictObject({
      source: sourceArgument(namesOf(context)),
      table: tableArgument,
      limit: z.int().min(1).max(1000).default(10),
      cursor: cursorArgument,
    }),
    audit: { source: "plain", table: "plain" },
    output: resultSchema,
    run: async ({ source: name, table, limit, cursor }, call) => {
      const { source } = sourceOf(context, name);
      const page = await source.sampleRows(table, {
        ...asked(call),
        maxRows: limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      return toResult(page);
    },
  });
}
