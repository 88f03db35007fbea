import type { SqlSource } from "@hardened-mcp/safe-sql";
import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { answering } from "../database.ts";

const value = z.union([z.null(), z.boolean(), z.number(), z.string().max(10_000)]);
const blob = z.strictObject({ base64: z.string(), bytes: z.number().optional() });
const cell: z.ZodType = z.lazy(() => z.union([z.null(), z.boolean(), z.number(), z.string(), blob, z.array(cell)]));

/** One statement that reads. Whether it does, and what, is decided by the database under src/rules.ts, never by its text. */
export function queryOrders(database: SqlSource): ToolDefinition {
  return defineTool({
    name: "query_orders",
    description:
      "Ask about orders and customers with one SELECT (SQLite). The resources shop://tables/NAME describe the tables. Pass values as params.",
    effect: "read",
    scope: "orders:read",
    input: z.strictObject({
      sql: z.string().min(1).max(10_000).describe("One statement that reads."),
      params: z.array(value).max(50).default([]).describe("Bound to ?1, ?2 and so on; never part of the SQL."),
      cursor: z.string().max(16_384).optional().describe("nextCursor of the page before."),
    }),
    audit: { sql: "hash", params: "hash" },
    output: z.strictObject({
      columns: z.array(z.string()),
      rows: z.array(z.array(cell)),
      nextCursor: z.string().optional().describe("Only where there is more."),
    }),
    run: async ({ sql, params, cursor }, { principal, signal }) => {
      const asked = { sql, params, caller: principal, signal, ...(cursor === undefined ? {} : { cursor }) };
      const { columns, rows, nextCursor } = await answering(() => database.query(asked));
      return {
        columns: columns.map(({ name }) => name),
        rows: rows.map((row) => [...row]),
        ...(nextCursor === undefined ? {} : { nextCursor }),
      };
    },
  });
}
