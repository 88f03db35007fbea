import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { Api } from "../api.ts";
import { order, orderId } from "../order.ts";

export function getOrderTool(api: Api): ToolDefinition {
  return defineTool({
    name: "get_order",
    description: "Read one order by its id.",
    effect: "read",
    scope: "orders:read",
    input: z.strictObject({ id: orderId }),
    output: order,
    audit: { id: "plain" },
    run: ({ id }, call) => api.ask({ path: ["orders", id], answer: order }, call),
  });
}
