import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { DatabaseContext } from "../context.ts";
import { asked, sourceOf } from "../sources/ask.ts";
import type { CheckedQuery } from "../sources/check-queries.ts";
import { changeSchema, toChange } from "./change.ts";
import { cursorArgument, databaseTool, limitArgument } from "./database-tool.ts";
import { resultSchema, toResult } from "./result.ts";
import { boundParams, inputOf } from "./saved-params.ts";

/** A saved query as a tool of its own: the statement is the operator's, only the values are the caller's. */
export function savedQuery(context: DatabaseContext, query: CheckedQuery): ToolDefinition {
  return query.effect === "read" ? readingQuery(context, query) : changingQuery(context, query, query.effect);
}

function readingQuery(context: DatabaseContext, query: CheckedQuery): ToolDefinition {
  const { config, source: name } = query;
  return databaseTool({
    ...commonOf(query),
    input: z.strictObject({
      ...inputOf(config),
      limit: limitArgument.describe("Most rows in this page."),
      cursor: cursorArgument,
    }),
    output: resultSchema,
    run: async ({ limit, cursor, ...args }, call) => {
      const { source } = sourceOf(context, name);
      const most = Math.min(limit ?? Number.POSITIVE_INFINITY, config.maxRows ?? Number.POSITIVE_INFINITY);
      const page = await source.query({
        sql: config.sql,
        params: boundParams(config, args),
        ...asked(call),
        ...(Number.isFinite(most) ? { maxRows: most } : {}),
        ...(cursor === undefined ? {} : { cursor }),
      });
      return toResult(page);
    },
  });
}

function changingQuery(context: DatabaseContext, query: CheckedQuery, effect: "write" | "destroy"): ToolDefinition {
  const { config, source: name } = query;
  return databaseTool({
    ...commonOf(query),
    effect,
    input: z.strictObject(inputOf(config)),
    output: changeSchema,
    run: async (args, call) => {
      const { source } = sourceOf(context, name);
      const params = boundParams(config, args);
      const { sql, everyRow } = config;
      // What the statement does was found out at start; if the schema has made something else of it since, it is not run.
      return toChange(await source.execute({ sql, params, ...asked(call), everyRow, expected: effect }));
    },
  });
}

function commonOf({ name, source, config }: CheckedQuery) {
  const marks = Object.fromEntries(Object.keys(config.params).map((param) => [param, "hash" as const]));
  return {
    name,
    description: config.description,
    scope: config.scope ?? `database:query:${name}`,
    audit: marks,
    pinned: JSON.stringify([source, config.sql, Object.keys(config.params)]),
  };
}
