/** A record of about 1 KiB. */
export function record(id: string): Readonly<Record<string, unknown>> {
  return {
    id,
    name: `record ${id}`,
    status: "open",
    amount: 1234.5,
    currency: "EUR",
    createdAt: "2026-01-01T00:00:00Z",
    owner: { id: "u-17", name: "Ada", team: "north" },
    tags: ["alpha", "beta", "gamma"],
    lines: Array.from({ length: 8 }, (_, at) => ({ sku: `sku-${at}`, quantity: at + 1, price: at * 9.75 })),
    note: "A line of text, as people write them, that goes on for a while. ".repeat(5),
  };
}

/** A hundred records, about 100 KiB. */
export function table(id: string): Readonly<Record<string, unknown>> {
  return { id, rows: Array.from({ length: 100 }, (_, at) => record(`${id}-${at}`)) };
}

const text = { type: "string" } as const;
const number = { type: "number" } as const;
const list = (items: object): object => ({ type: "array", items });
const closed = (properties: object): object => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const RECORD = closed({
  id: text,
  name: text,
  status: { type: "string", enum: ["open", "closed"] },
  amount: number,
  currency: text,
  createdAt: text,
  owner: closed({ id: text, name: text, team: text }),
  tags: list(text),
  lines: list(closed({ sku: text, quantity: { type: "integer" }, price: number })),
  note: text,
});

const RECORD_REF = { $ref: "#/components/schemas/Record" };

/** Two operations, each with an argument in the path and two in the query. */
export function smallDocument(baseUrl: string): object {
  return document(baseUrl, {
    "/records/{id}": { get: operation("getRecord", RECORD_REF) },
    "/tables/{id}": { get: operation("getTable", closed({ id: text, rows: list(RECORD_REF) })) },
    "/huge/{id}": { get: operation("getHuge", RECORD_REF) },
  });
}

/** As many reading operations as asked for, on shared schemas, as large documents are made. */
export function largeDocument(baseUrl: string, operations: number): object {
  const paths = Array.from({ length: operations }, (_, at) => [
    `/area-${at % 40}/things-${at}/{id}`,
    { get: operation(`getThing${at}`, RECORD_REF) },
  ]);
  return document(baseUrl, Object.fromEntries(paths));
}

function document(baseUrl: string, paths: object): object {
  return {
    openapi: "3.0.3",
    info: { title: "bench", version: "1" },
    servers: [{ url: baseUrl }],
    paths,
    components: { schemas: { Record: RECORD } },
  };
}

function operation(operationId: string, schema: object): object {
  return {
    operationId,
    summary: `Answers with what ${operationId} stands for.`,
    parameters: [
      { name: "id", in: "path", required: true, description: "Which one.", schema: { type: "string", maxLength: 64 } },
      {
        name: "view",
        in: "query",
        description: "How much of it.",
        schema: { type: "string", enum: ["short", "full"] },
      },
      { name: "page", in: "query", description: "Which page.", schema: { type: "integer", minimum: 1 } },
    ],
    responses: { "200": { description: "It.", content: { "application/json": { schema } } } },
  };
}
