/** How the operations of {@link thousandOperations} are made. */
export interface ThousandOptions {
  /** Default 1,000. */
  readonly operations?: number;
  /** Default `https://api.example.com/v1`. */
  readonly server?: string;
}

/**
 * An OpenAPI 3.1 document of 1,000 operations over 200 resources: list, get, create, replace and delete of each, with shared schemas,
 * descriptions of ordinary length and every place a parameter can have. Always the same.
 */
export function thousandOperations(options: ThousandOptions = {}): Record<string, unknown> {
  const { operations = 1000, server = "https://api.example.com/v1" } = options;
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = { Problem: PROBLEM };
  for (let index = 0; index * 5 < operations; index++) {
    const left = operations - index * 5;
    const name = `Item${index}`;
    schemas[name] = item(index);
    const ref = { $ref: `#/components/schemas/${name}` };
    const list = {
      type: "object",
      required: ["items"],
      properties: { items: { type: "array", items: ref }, next: { type: "string" } },
    };
    const all = {
      get: operation(`list${name}s`, `List the ${name} records of a customer.`, list, { parameters: LISTING }),
      post: operation(`create${name}`, `Create one ${name}.`, ref, { requestBody: bodyOf(ref) }),
    };
    const one = {
      parameters: [ID],
      get: operation(`get${name}`, `Read one ${name} by its id.`, ref, {}),
      put: operation(`replace${name}`, `Replace one ${name}.`, ref, { requestBody: bodyOf(ref) }),
      delete: operation(`delete${name}`, `Delete one ${name}.`, undefined, {}),
    };
    paths[`/items${index}`] = left >= 2 ? all : { get: all.get };
    if (left > 2) paths[`/items${index}/{id}`] = take(one, left - 2);
  }
  return {
    openapi: "3.1.0",
    info: { title: "A thousand operations", version: "1" },
    servers: [{ url: server }],
    paths,
    components: { schemas },
  };
}

/** The same, of which only the operations of the first items are kept. */
function take(item: Record<string, unknown>, count: number): Record<string, unknown> {
  const methods = ["get", "put", "delete"].slice(0, count);
  return Object.fromEntries(Object.entries(item).filter(([key]) => key === "parameters" || methods.includes(key)));
}

const PROBLEM = {
  type: "object",
  properties: { title: { type: "string" }, detail: { type: "string" }, status: { type: "integer" } },
};
const ID = {
  name: "id",
  in: "path",
  required: true,
  description: "Id of the record.",
  schema: { type: "string", maxLength: 64 },
};
const LISTING = [
  {
    name: "limit",
    in: "query",
    description: "Most records in one answer.",
    schema: { type: "integer", minimum: 1, maximum: 100 },
  },
  { name: "cursor", in: "query", description: "Where to go on.", schema: { type: "string", maxLength: 200 } },
  { name: "tags", in: "query", explode: false, schema: { type: "array", items: { type: "string" }, maxItems: 20 } },
  { name: "X-Trace", in: "header", schema: { type: "string", pattern: "^[a-f0-9]{1,32}$" } },
];

function item(index: number): Record<string, unknown> {
  return {
    type: "object",
    description: `Record ${index} of the catalogue. It belongs to one customer, and is kept for ten years.`,
    required: ["id", "name"],
    properties: {
      id: { type: "string", readOnly: true },
      name: { type: "string", minLength: 1, maxLength: 200, description: "What people call it." },
      state: { type: "string", enum: ["draft", "open", "closed"] },
      amount: { type: ["number", "null"], minimum: 0 },
      created: { type: "string", format: "date-time", readOnly: true },
      address: {
        type: "object",
        properties: {
          street: { type: "string" },
          city: { type: "string" },
          country: { type: "string", pattern: "^[A-Z]{2}$" },
        },
      },
      parent: { $ref: `#/components/schemas/Item${index}` },
    },
  };
}

function operation(
  operationId: string,
  summary: string,
  schema: unknown,
  more: Record<string, unknown>,
): Record<string, unknown> {
  const problem = {
    description: "A problem.",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  const found =
    schema === undefined
      ? { 204: { description: "Done." } }
      : { 200: { description: "Done.", content: { "application/json": { schema } } } };
  return {
    operationId,
    summary,
    description: "Answers with the record as it is after the call. Callers see the records of their own customer only.",
    tags: ["catalogue"],
    ...more,
    responses: { ...found, "4XX": problem },
  };
}

function bodyOf(schema: unknown): Record<string, unknown> {
  return { required: true, content: { "application/json": { schema } } };
}
