import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { DatabaseContext } from "../context.ts";
import { asked, namesOf, sourceArgument, sourceOf } from "../sources/ask.ts";
import { cursorArgument, databaseTool, limitArgument, sqlArgument, timeoutArgument } from "./database-tool.ts";
import { paramsArgument } from "./params.ts";
import { resultSchema, toResult } from "./result.ts";
import { pointingAtSchema } from "./schema-hint.ts";

/** Runs one statement that reads. What it may read the database decides, not this text. */
export function query(context: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "query",
    title: "Query",
    description: "Run one SQL statement that reads. Pass values as params, not in the text.",
    input: z.strictObject({
      source: sourceArgument(namesOf(context)),
      sql: sqlArgument("One SELECT, VALUES or WITH, in the dialect of the source."),
      params: paramsArgument,
      limit: limitArgument.describe("Most rows in this page."),
      cursor: cursorArgument,
      timeoutMs: timeoutArgument,
    }),
    audit: { source: "plain", sql: context.auditSql, params: "hash" },
    output: resultSchema,
    run: async ({ source: name, sql, params, limit, cursor, timeoutMs }, call) => {
      const { source } = sourceOf(context, name);
      const request = {
        sql,
        params,
        ...asked(call),
        ...(limit === undefined ? {} : { maxRows: limit }),
        ...(cursor === undefined ? {} : { cursor }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      };
      return toResult(await pointingAtSchema(sql, () => source.query(request)));
    },
  });
}
