/** A small document: what reads, what writes, and what no tool can be made of. */
export const SHOP_DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  servers: [{ url: "https://api.shop.com/v1" }],
  paths: {
    "/orders/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer", minimum: 1 } }],
      get: {
        operationId: "getOrder",
        tags: ["orders"],
        summary: "One order.",
        parameters: [
          { name: "verbose", in: "query", schema: { type: "boolean" } },
          { name: "session", in: "cookie", schema: { type: "string" } },
        ],
        responses: {
          "200": {
            description: "It.",
            content: { "application/json": { schema: { type: "object", properties: { id: { type: "integer" } } } } },
          },
        },
      },
      delete: {
        operationId: "deleteOrder",
        summary: "Cancels an order.",
        responses: { "204": { description: "Done." } },
      },
    },
    "/payments": {
      post: {
        operationId: "pay",
        summary: "Pays.",
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["payee", "amount"],
                properties: { payee: { type: "string", maxLength: 64 }, amount: { type: "integer", minimum: 1 } },
              },
            },
          },
        },
        responses: { "200": { description: "Paid." } },
      },
    },
    "/status": { trace: { operationId: "trace", responses: { "200": { description: "x" } } } },
  },
} as const;
