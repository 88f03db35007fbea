import { z } from "zod";
import { schemaOfPart } from "../define/json-schema-part.ts";
import { schemaOfParts } from "./parts-schema.ts";

/** A schema as clients see it. Shared by all who ask, so nobody may change it. */
export type ListedSchema = Readonly<Record<string, unknown>>;

/** The linter, the listing and the manifest need the same ones; making them is half of a start with a thousand tools (measured). */
function madeOnce(make: (schema: z.ZodType) => ListedSchema): (schema: z.ZodType) => ListedSchema {
  const made = new WeakMap<z.ZodType, ListedSchema>();
  return (schema) => {
    const known = made.get(schema);
    if (known !== undefined) return known;
    const listed = make(schema);
    made.set(schema, listed);
    return listed;
  };
}

/**
 * JSON Schema 2020-12 of an input. `$schema` is left out where the author has not declared it: 2020-12 is the default
 * dialect (SEP-1613), and every listing would repeat it for every tool.
 */
export const inputSchema = madeOnce((schema) => {
  const own = schemaOfParts(schema);
  if (own !== undefined) return own;
  const { $schema, ...json } = z.toJSONSchema(schema, { io: "input" });
  return z.globalRegistry.get(schema)?.["$schema"] === undefined ? json : { $schema, ...json };
});

/** The structured form of a refusal, in few words: it stands in the listing of every tool (docs/errors.md has it whole). */
const REFUSAL = {
  type: "object",
  properties: { error: { type: "object" } },
  required: ["error"],
  additionalProperties: false,
} as const;

const refusal = z.strictObject({ error: z.strictObject({}) });

/**
 * JSON Schema of an object output, or of a refusal. The refusal belongs to it because version 1 clients hold structured
 * content against the schema also when `isError` is set, and would throw the refusal away.
 */
export const outputSchema = madeOnce((schema) => {
  const own = schemaOfPart(schema);
  if (own !== undefined) return { type: "object", anyOf: [own, REFUSAL] };
  // Converted as part of a union, so that references inside it point to where it will stand.
  const json = z.toJSONSchema(z.union([schema, refusal]), { io: "output" });
  return {
    type: "object",
    anyOf: [json.anyOf?.[0], REFUSAL],
    ...(json.$defs === undefined ? {} : { $defs: json.$defs }),
  };
});
