import { z } from "zod";

/** One thing wrong with a value. */
export interface PartIssue {
  /** Where in the value, as keys and indexes. */
  readonly path: readonly (string | number)[];
  /** Which rule, as one plain word such as `maxLength`; audit records show it. */
  readonly rule: string;
  /** In the author's words, without a full stop; a client reads it. Nothing of the value may be in it. */
  readonly message: string;
}

/** What came of a check. `value` goes on in place of what was checked. */
export type PartChecked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly PartIssue[] };

/** A part of an input or output that exists as JSON Schema already. */
export interface JsonSchemaPartSpec<Value> {
  /** What clients are shown: JSON Schema 2020-12 that stands alone, without `$ref`. It is part of the definition's hash. */
  readonly schema: { readonly [keyword: string]: unknown };
  /**
   * Holds a value against it. As strict as the schema says, at every depth: nothing else looks at the value. A throw fails the call as
   * `internal`.
   */
  readonly check: (value: unknown) => PartChecked<Value>;
}

interface PartDef extends z.core.$ZodTypeDef, JsonSchemaPartSpec<unknown> {
  readonly type: "custom";
}

/** zod writes into what it is given, below `anyOf` also in depth. */
function ownCopy(schema: JsonSchemaPartSpec<unknown>["schema"]): object {
  return schema["anyOf"] === undefined ? schema : structuredClone(schema);
}

/** A constructor, so that what zod makes of a part (`describe`, `optional`, `refine`) keeps schema and check. */
const JsonSchemaPart = z.core.$constructor<z.ZodType, PartDef>("JsonSchemaPart", (part, def) => {
  z.ZodType.init(part, def);
  part._zod.processJSONSchema = (_context, json) => void Object.assign(json, ownCopy(def.schema));
  part._zod.parse = function parseJsonSchemaPart(payload) {
    const checked = def.check(payload.value);
    if (checked.ok) {
      payload.value = checked.value;
      return payload;
    }
    for (const { path, rule, message } of checked.issues) {
      payload.issues.push({ code: "custom", input: payload.value, path: [...path], message, params: { rule } });
    }
    // No issue given, and still no yes.
    if (payload.issues.length === 0) payload.issues.push({ code: "custom", input: payload.value, path: [] });
    return payload;
  };
});

/**
 * A zod type for an argument, a key of an output, or a whole output, whose JSON Schema comes from elsewhere (an OpenAPI document, say) and is checked by a
 * function, such as a compiled validator. It is listed as that schema, and counts as strict: that it is, is the check's promise. Nothing is
 * compiled here, and `check` may do so when it is first asked.
 *
 * ```ts
 * input: z.strictObject({ id: jsonSchemaPart({ schema: { type: "string", maxLength: 8 }, check }).describe("Which one.") }),
 * ```
 */
export function jsonSchemaPart<Value = unknown>(spec: JsonSchemaPartSpec<Value>): z.ZodType<Value, Value> {
  return new JsonSchemaPart({ type: "custom", schema: spec.schema, check: spec.check }) as z.ZodType<Value, Value>;
}

/** The JSON Schema of such a part, which counts as strict although it is custom; `undefined` for every other schema. */
export function schemaOfPart(schema: z.core.$ZodType): JsonSchemaPartSpec<unknown>["schema"] | undefined {
  return schema instanceof JsonSchemaPart ? (schema._zod.def as unknown as PartDef).schema : undefined;
}
