import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { type DatabaseContext, WRITE_SCOPE } from "../context.ts";
import { asked, namesOf, sourceArgument, sourceOf } from "../sources/ask.ts";
import { changeSchema, expectedOf, toChange } from "./change.ts";
import { databaseTool, sqlArgument, timeoutArgument } from "./database-tool.ts";
import { paramsArgument } from "./params.ts";

/**
 * Runs one statement that changes rows. It is listed as what destroys, since a statement may; each call is then decided as what the
 * database says this statement does, and run only if it still says so.
 */
export function execute(context: DatabaseContext): ToolDefinition {
  return databaseTool({
    name: "execute",
    title: "Execute",
    description:
      "Run one INSERT, UPDATE or DELETE, in a transaction. Pass values as params. The answer says how many rows changed.",
    effect: "destroy",
    milder: ["write"],
    scope: WRITE_SCOPE,
    input: z.strictObject({
      source: sourceArgument(namesOf(context, ({ writable }) => writable)),
      sql: sqlArgument("One INSERT, UPDATE or DELETE, in the dialect of the source."),
      params: paramsArgument,
      everyRow: z.boolean().default(false).describe("A change that touches every row of its table is meant."),
      timeoutMs: timeoutArgument,
    }),
    audit: { source: "plain", sql: context.auditSql, params: "hash", everyRow: "plain" },
    output: changeSchema,
    effectOf: async ({ source: name, sql, params }, call) => {
      const { source } = sourceOf(context, name);
      return (await source.forecast({ sql, params, ...asked(call) })).effect;
    },
    run: async ({ source: name, sql, params, everyRow, timeoutMs }, call) => {
      const { source } = sourceOf(context, name);
      const change = await source.execute({
        sql,
        params,
        ...asked(call),
        everyRow,
        expected: expectedOf(call.effect),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      return toChange(change);
    },
  });
}
