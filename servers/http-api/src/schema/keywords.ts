import { isNode, isSchema, isStrings } from "./words.ts";

export const TYPES: ReadonlySet<unknown> = new Set([
  "null",
  "boolean",
  "object",
  "array",
  "number",
  "integer",
  "string",
]);

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);

/**
 * Keywords that hold no schema, and what their value must be. Everything else of a document's schema is not read: `xml`, `x-...`,
 * `discriminator`, `$id` (which would move the base of references), `$comment` (which a model would read and a person would not).
 */
export const PLAIN_KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  enum: (value) => Array.isArray(value) && value.length > 0,
  const: () => true,
  multipleOf: (value) => isNumber(value) && (value as number) > 0,
  maximum: isNumber,
  exclusiveMaximum: isNumber,
  minimum: isNumber,
  exclusiveMinimum: isNumber,
  maxLength: isCount,
  minLength: isCount,
  maxItems: isCount,
  minItems: isCount,
  minContains: isCount,
  maxContains: isCount,
  maxProperties: isCount,
  minProperties: isCount,
  uniqueItems: (value) => typeof value === "boolean",
  format: (value) => typeof value === "string" && /^[a-z][a-z0-9-]{0,31}$/.test(value),
  dependentRequired: (value) => isNode(value) && Object.values(value).every(isStrings),
};

/** Where a schema holds another for a part of the value. */
export const PART_KEYWORDS = ["contains", "propertyNames", "unevaluatedItems"] as const;
/** Where a schema holds others for the same value: their keys count together. */
export const SAME_VALUE_LISTS = ["allOf", "anyOf", "oneOf"] as const;

/** Calls `each` with every schema directly inside `node`, and with `undefined` for what should be one and is none. */
export function forEachInner(
  node: Readonly<Record<string, unknown>>,
  each: (schema: unknown, keyword: string) => void,
): void {
  for (const [keyword, value] of Object.entries(node)) {
    // A map, since a document may call a keyword `constructor`.
    const kind = HOLDS.get(keyword);
    if (kind === undefined) continue;
    if (kind === "map") {
      if (isNode(value)) for (const one of Object.values(value)) each(one, keyword);
      else each(undefined, keyword);
    } else if (Array.isArray(value) && (kind === "list" || keyword === "items")) {
      for (const one of value) each(one, keyword);
    } else each(kind === "one" && isSchema(value) ? value : undefined, keyword);
  }
}

const HOLDS: ReadonlyMap<string, "one" | "list" | "map"> = new Map([
  ["items", "one"],
  ["additionalProperties", "one"],
  ["unevaluatedProperties", "one"],
  ["unevaluatedItems", "one"],
  ["contains", "one"],
  ["propertyNames", "one"],
  ["not", "one"],
  ["if", "one"],
  ["then", "one"],
  ["else", "one"],
  ["allOf", "list"],
  ["anyOf", "list"],
  ["oneOf", "list"],
  ["prefixItems", "list"],
  ["properties", "map"],
  ["patternProperties", "map"],
  ["dependentSchemas", "map"],
]);
