import { isNode, type SchemaNode } from "./words.ts";

/** Keyword of a schema for the compiler that counts what it takes to hold one value against it. */
export const WEIGHT = "hmcpWeight";

/** Alternatives of another type, and names and choices of a list, that are passed over in the time of one alternative that is looked into. */
const [PER_ALTERNATIVE, PER_NAME] = [4, 16];
const LISTS = ["anyOf", "oneOf", "allOf"] as const;
const SINGLE = ["not", "if", "then", "else"] as const;
const NAMES = ["enum", "required", "properties", "patternProperties", "dependentRequired", "prefixItems"] as const;

/**
 * The schema with its weight, which is that of the schemas of its parts not: those have their own. One for each alternative that is looked into,
 * and what a list costs whatever is in it. A document may write 200 alternatives where an answer of a megabyte has 500,000 values.
 *
 * @param schema converted, what is in it weighed
 */
export function weighed(schema: SchemaNode): SchemaNode {
  const made: Record<string, unknown> = { ...schema };
  for (const keyword of LISTS) {
    const list = schema[keyword];
    if (Array.isArray(list)) made[keyword] = list.map(heavier);
  }
  for (const keyword of SINGLE) if (schema[keyword] !== undefined) made[keyword] = heavier(schema[keyword]);
  const weight = ownWeight(schema);
  if (weight > 0) made[WEIGHT] = weight;
  return made;
}

function ownWeight(schema: SchemaNode): number {
  const alternatives = LISTS.reduce((sum, keyword) => sum + sizeOf(schema[keyword]), 0);
  const names = NAMES.reduce((sum, keyword) => sum + sizeOf(schema[keyword]), 0);
  return Math.floor(alternatives / PER_ALTERNATIVE) + sizeOf(schema["dependentSchemas"]) + Math.floor(names / PER_NAME);
}

/** What is referred to counts by itself. */
function heavier(one: unknown): unknown {
  if (!isNode(one) || one["$ref"] !== undefined) return one;
  return { ...one, [WEIGHT]: Number(one[WEIGHT] ?? 0) + 1 };
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isNode(value) ? Object.keys(value).length : 0;
}
