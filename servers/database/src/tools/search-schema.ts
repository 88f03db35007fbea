import type { Caller, TableDescription } from "@hardened-mcp/safe-sql";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { callerOf } from "../caller.ts";
import type { DatabaseContext, NamedSource } from "../context.ts";
import { isAway, namesOf, sourceOf } from "../sources/ask.ts";
import { databaseTool } from "./database-tool.ts";
import { shorten } from "./list-tables.ts";

/** Most tables that one search looks into; the answer says where there are more. */
const MAX_TABLES = 2000;

const match = z.strictObject({
  source: z.string(),
  table: z.string(),
  column: z.string().optional(),
  comment: z.string().optional().describe("Where the text was found in a comment."),
});
type Match = z.input<typeof match>;

/** Finds tables and columns by a part of their name or comment. */
export function searchSchema(context: DatabaseContext): ToolDefinition {
  const all = namesOf(context);
  return databaseTool({
    name: "search_schema",
    title: "Search Schema",
    description: "Find tables and columns by a part of their name or comment. Plain text, upper and lower case alike.",
    input: z.strictObject({
      text: z.string().min(1).max(200).describe("What to look for, as it is: no wildcards."),
      source: z
        .enum(all as [string, ...string[]])
        .optional()
        .describe("Default: every source."),
      limit: z.int().min(1).max(500).default(50),
    }),
    audit: { source: "plain", text: "hash" },
    limits: { cost: context.walkCost },
    output: z.strictObject({ matches: z.array(match), complete: z.boolean().describe("false: there may be more.") }),
    run: async ({ text, source, limit }, call) => {
      const names = source === undefined ? all : [source];
      const wanted = text.toLowerCase();
      const matches: Match[] = [];
      let looked = 0;
      let complete = true;
      for (const name of names) {
        const one = sourceOf(context, name);
        try {
          for await (const table of tablesOf(one, callerOf(call.principal), call.signal)) {
            if (looked++ === MAX_TABLES) return { matches, complete: false };
            for (const found of matchesIn(name, table, wanted)) {
              if (matches.length === limit) return { matches, complete: false };
              matches.push(found);
            }
          }
        } catch (error) {
          // One that is away must not take the others with it.
          if (source !== undefined || !isAway(error)) throw error;
          complete = false;
        }
      }
      return { matches, complete };
    },
  });
}

async function* tablesOf(
  { source }: NamedSource,
  caller: Caller,
  signal: AbortSignal,
): AsyncGenerator<TableDescription> {
  for (const { name } of await source.listTables(caller, signal)) {
    signal.throwIfAborted();
    yield await source.describeTable(name, caller, signal);
  }
}

function* matchesIn(source: string, table: TableDescription, wanted: string): Generator<Match> {
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(wanted) ?? false;
  const commented = (comment: string | undefined) =>
    comment !== undefined && has(comment) ? { comment: shorten(comment) } : {};
  if (has(table.name) || has(table.comment)) yield { source, table: table.name, ...commented(table.comment) };
  for (const { name, comment } of table.columns) {
    if (has(name) || has(comment)) yield { source, table: table.name, column: name, ...commented(comment) };
  }
}
