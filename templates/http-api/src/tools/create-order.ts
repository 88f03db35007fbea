import { hash } from "node:crypto";
import { defineTool, type Principal, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { Api } from "../api.ts";
import { order } from "../order.ts";

const input = z.strictObject({
  item: z.string().min(1).max(200).describe("What is ordered."),
  quantity: z.int().min(1).max(1000),
  key: z
    .string()
    .min(8)
    .max(64)
    .regex(/^[A-Za-z0-9_-]+$/)
    .describe("A new random text for each order. The same again, where a call is repeated, makes no second order."),
});

export function createOrderTool(api: Api): ToolDefinition {
  return defineTool({
    name: "create_order",
    description: "Create one order. To repeat a call whose outcome is unknown, send the same key again.",
    effect: "write",
    scope: "orders:write",
    input,
    output: order,
    run: ({ key, ...body }, call) =>
      api.ask({ path: ["orders"], body, idempotencyKey: keyOf(call.principal, key), answer: order }, call),
  });
}

/** Each caller has keys of its own: with somebody else's, it would be answered with their order. */
export function keyOf(
  { issuer, tenant, subject }: Pick<Principal, "issuer" | "tenant" | "subject">,
  key: string,
): string {
  return hash("sha256", JSON.stringify([issuer, tenant ?? null, subject, key]));
}
