/** `components` of the document. */
export const COMPONENTS = {
  schemas: {
    Item: {
      type: "object",
      required: ["id", "name"],
      properties: {
        id: { type: "integer", format: "int64", readOnly: true },
        name: { type: "string", minLength: 1, maxLength: 100 },
        price: { type: "number", minimum: 0 },
        tags: { type: "array", items: { type: "string" } },
        owner: { $ref: "#/components/schemas/Person" },
        pin: { type: "string", writeOnly: true },
      },
    },
    NewItem: {
      type: "object",
      required: ["name"],
      properties: {
        name: { type: "string", minLength: 1, maxLength: 100 },
        price: { type: "number", minimum: 0 },
        tags: { type: "array", items: { type: "string" }, maxItems: 10 },
      },
    },
    Person: {
      type: "object",
      properties: { name: { type: "string" }, email: { type: "string", format: "email" } },
    },
    Page: {
      type: "object",
      required: ["items"],
      properties: {
        items: { type: "array", items: { $ref: "#/components/schemas/Item" } },
        next: { type: ["string", "null"] },
      },
    },
    Echo: {
      type: "object",
      required: ["method", "target", "headers", "body"],
      properties: {
        method: { type: "string" },
        target: { type: "string", description: "As it was on the wire." },
        headers: { type: "array", items: { type: "array", items: { type: "string" } } },
        body: { type: "string", description: "Base64." },
      },
    },
    Anything: { type: "object", additionalProperties: true },
  },
  responses: {
    Echo: {
      description: "The request.",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Echo" } } },
    },
    Item: {
      description: "An item.",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Item" } } },
    },
    Page: { description: "Items.", content: { "application/json": { schema: { $ref: "#/components/schemas/Page" } } } },
    Anything: {
      description: "An object.",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Anything" } } },
    },
    Text: { description: "Text.", content: { "text/plain": {}, "text/html": {} } },
  },
} as const;
