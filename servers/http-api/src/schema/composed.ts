import { deref } from "./refs.ts";
import { isNode, own, type SchemaNode } from "./words.ts";

/** Nothing beside `oneOf` says anything about keys. */
export function isOnlyOneOf(node: SchemaNode): boolean {
  return Array.isArray(own(node, "oneOf")) && !BESIDE.some((keyword) => own(node, keyword) !== undefined);
}

const BESIDE = [
  "properties",
  "patternProperties",
  "allOf",
  "anyOf",
  "if",
  "then",
  "else",
  "dependentSchemas",
  "required",
];
const DECLARING = [...BESIDE, "oneOf", "additionalProperties", "unevaluatedProperties", "minProperties"];

/** An object of which nothing is declared: OpenAPI's free-form object. */
export function isFreeForm(schema: unknown, { root }: { readonly root: unknown }): boolean {
  const node = deref(root, schema);
  return (
    isNode(node) && own(node, "type") === "object" && !DECLARING.some((keyword) => own(node, keyword) !== undefined)
  );
}
