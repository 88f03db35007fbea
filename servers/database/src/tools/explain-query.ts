import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { DatabaseContext } from "../context.ts";
import { asked, namesOf, sourceArgument, sourceOf } from "../sources/ask.ts";
import { databaseTool, sqlArgument } from "./database-tool.ts";
import { paramsArgument } from "./params.ts";

/** Tells how a statement would be run, and what it reads, without running it. */
export function explainQuery(context: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "explain_query",
    title: "Explain Query",
    description:
      "Show the plan of a SQL statement that reads, its estimated cost, and what it would read. It is not run.",
    input: z.strictObject({
      source: sourceArgument(namesOf(context)),
      sql: sqlArgument("One statement that reads, without EXPLAIN."),
      params: paramsArgument,
    }),
    audit: { source: "plain", sql: context.auditSql, params: "hash" },
    output: z.strictObject({
      plan: z.array(z.string()),
      estimatedCost: z.number().optional(),
      estimatedRows: z.number().optional(),
      reads: z.array(z.strictObject({ table: z.string(), columns: z.array(z.string()) })),
    }),
    run: async ({ source: name, sql, params }, call) => {
      const { source } = sourceOf(context, name);
      const { plan, estimatedCost, estimatedRows, reads } = await source.explain({ sql, params, ...asked(call) });
      return {
        plan: [...plan],
        ...(estimatedCost === undefined ? {} : { estimatedCost }),
        ...(estimatedRows === undefined ? {} : { estimatedRows }),
        reads: reads.map(({ table, columns }) => ({ table, columns: [...columns] })),
      };
    },
  });
}
