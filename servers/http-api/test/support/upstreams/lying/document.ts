import { LIES } from "./lying-upstream.ts";

/** What the liar promises: an object, at each of its paths. Operation ids are the names with `_` for `-` and `.`. */
export function lyingDocument(origin: string): Readonly<Record<string, unknown>> {
  const response = {
    description: "An object.",
    content: { "application/json": { schema: { type: "object", additionalProperties: true } } },
  };
  const operation = (id: string) => ({ operationId: id, summary: "Tells something.", responses: { "200": response } });
  return {
    openapi: "3.1.0",
    info: { title: "A liar", version: "1" },
    servers: [{ url: origin }],
    paths: Object.fromEntries([
      ...LIES.map(({ name }) => [`/${name}`, { get: operation(lieOperation(name)) }]),
      ["/harmless", { get: operation("harmless") }],
    ]),
  };
}

export function lieOperation(name: string): string {
  return name.replaceAll(/[-.]/g, "_");
}
