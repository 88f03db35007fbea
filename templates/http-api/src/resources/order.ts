import { defineResource, type ResourceDefinition } from "@hardened-mcp/server";
import type { Api } from "../api.ts";
import { order, orderId } from "../order.ts";

export function orderResource(api: Api): ResourceDefinition {
  return defineResource({
    name: "order",
    description: "One order, as JSON.",
    scope: "orders:read",
    uri: "order://{id}",
    mimeType: "application/json",
    audit: { id: "plain" },
    isCanonical: (uri) => orderId.safeParse(uri.slice("order://".length)).success,
    async read({ uri, variables }, call) {
      const found = await api.ask({ path: ["orders", variables["id"] ?? ""], answer: order }, call);
      return [{ uri, mimeType: "application/json", text: JSON.stringify(found) }];
    },
  });
}
