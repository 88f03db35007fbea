import type { TableDescription } from "@hardened-mcp/safe-sql";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { callerOf } from "../caller.ts";
import type { DatabaseContext } from "../context.ts";
import { namesOf, sourceArgument, sourceOf } from "../sources/ask.ts";
import { databaseTool, tableArgument } from "./database-tool.ts";
import { shorten, tableSummary, toSummary } from "./list-tables.ts";
import { columnType } from "./result.ts";

const names = z.array(z.string());

export const tableDescription = z.strictObject({
  ...tableSummary.shape,
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: columnType,
      declared: z.string(),
      nullable: z.boolean(),
      default: z.string().optional(),
      masked: z.enum(["null", "hash", "partial"]).optional(),
      comment: z.string().optional(),
    }),
  ),
  primaryKey: names,
  foreignKeys: z.array(z.strictObject({ columns: names, references: z.string(), to: names })),
  indexes: z.array(z.strictObject({ name: z.string(), columns: names, unique: z.boolean() })),
  filtered: z.boolean().describe("Some rows may be hidden from you."),
});

/** What is known of one table, as far as the caller may see it. */
export function describeTable(context: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "describe_table",
    title: "Describe Table",
    description: "Describe a table or view: columns, types, keys, indexes, comments, estimated rows.",
    input: z.strictObject({ source: sourceArgument(namesOf(context)), table: tableArgument }),
    audit: { source: "plain", table: "plain" },
    output: tableDescription,
    run: async ({ source: name, table }, call) => {
      const { source } = sourceOf(context, name);
      return toDescription(await source.describeTable(table, callerOf(call.principal), call.signal));
    },
  });
}

export function toDescription(table: TableDescription): z.input<typeof tableDescription> {
  return {
    ...toSummary(table),
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      declared: shorten(column.declared),
      nullable: column.nullable,
      ...(column.default === undefined ? {} : { default: shorten(column.default) }),
      ...(column.masked === undefined ? {} : { masked: column.masked }),
      ...(column.comment === undefined ? {} : { comment: shorten(column.comment) }),
    })),
    primaryKey: [...table.primaryKey],
    foreignKeys: table.foreignKeys.map(({ columns, references, to }) => ({
      columns: [...columns],
      references,
      to: [...to],
    })),
    indexes: table.indexes.map(({ name, columns, unique }) => ({ name, columns: [...columns], unique })),
    filtered: table.filtered,
  };
}
