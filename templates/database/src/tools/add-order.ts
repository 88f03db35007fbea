import type { SqlSource } from "@hardened-mcp/safe-sql";
import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { answering } from "../database.ts";

const SQL = "insert into orders (customer, item, quantity) values (?1, ?2, ?3) returning id";

/** The statement is ours and only the values are the caller's. It adds; one that overwrites or deletes has the effect `destroy`. */
export function addOrder(database: SqlSource): ToolDefinition {
  return defineTool({
    name: "add_order",
    description: "Add an order for a customer.",
    effect: "write",
    scope: "orders:write",
    input: z.strictObject({
      customer: z.int().min(1).describe("The customer's id."),
      item: z.string().min(1).max(100),
      quantity: z.int().min(1).max(1000),
    }),
    audit: { customer: "plain", item: "hash", quantity: "plain" },
    output: z.strictObject({ id: z.int() }),
    pinned: SQL,
    run: async ({ customer, item, quantity }, { principal, signal }) => {
      const params = [customer, item, quantity];
      // `expected`: should the schema have made more of the statement, by a trigger that deletes, it is not run.
      const change = { sql: SQL, params, caller: principal, signal, expected: "write" as const };
      const { returned } = await answering(() => database.execute(change));
      return { id: Number(returned?.rows[0]?.[0]) };
    },
  });
}
