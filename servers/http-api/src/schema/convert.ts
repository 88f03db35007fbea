import type { JsonSchema } from "../model/json-schema.ts";
import { isFreeForm, isOnlyOneOf } from "./composed.ts";
import type { Conversion, Shape } from "./conversion.ts";
import { convertObject } from "./convert-object.ts";
import { modern } from "./dialect.ts";
import { PART_KEYWORDS, PLAIN_KEYWORDS, TYPES } from "./keywords.ts";
import { deref } from "./refs.ts";
import { isNode, isSchema, own, type SchemaNode } from "./words.ts";

/**
 * A schema of a document as JSON Schema 2020-12 of known keywords with well-formed values, so that compiling it cannot fail on them. What is
 * malformed and no condition (a `required: true` of draft 3, a negative `minLength`) is left out.
 */
export function convert(schema: unknown, shape: Shape, to: Conversion): JsonSchema {
  if (!isNode(schema)) return schema !== false;
  const node = modern(schema, to.dialect);
  if (own(node, "$ref") !== undefined) return convertRef(node, shape, to);
  return to.visit(node, shape, () => convertNode(node, shape, to));
}

function convertRef(node: SchemaNode, shape: Shape, to: Conversion): JsonSchema {
  const target = deref(to.root, node);
  // The scan has refused what leads nowhere. Were it not so, nothing would fit.
  if (!isSchema(target)) return false;
  return typeof target === "boolean" ? target : to.refer(target, shape);
}

function convertNode(node: SchemaNode, shape: Shape, to: Conversion): SchemaNode {
  const out: Record<string, unknown> = {};
  const type = own(node, "type");
  if (TYPES.has(type) || Array.isArray(type)) out["type"] = Array.isArray(type) ? [...new Set(type)] : type;
  for (const [keyword, isFit] of Object.entries(PLAIN_KEYWORDS)) {
    const value = own(node, keyword);
    if (value !== undefined && isFit(value)) out[keyword] = value;
  }
  const pattern = own(node, "pattern");
  if (typeof pattern === "string" && to.patterns(pattern) !== undefined) out["pattern"] = pattern;
  convertParts(node, shape, to, out);
  convertSameValue(node, shape, to, out);
  convertObject(node, shape, to, out, (schema, its) => convert(schema, its, to));
  return out;
}

function convertParts(node: SchemaNode, shape: Shape, to: Conversion, out: Record<string, unknown>): void {
  const inner = shape === "plain" ? "plain" : "closed";
  for (const keyword of PART_KEYWORDS) {
    const value = own(node, keyword);
    if (isSchema(value)) out[keyword] = convert(value, "plain", to);
  }
  const items = own(node, "items");
  if (isSchema(items)) out["items"] = convert(items, inner, to);
  const prefix = own(node, "prefixItems");
  if (Array.isArray(prefix) && prefix.length > 0) {
    out["prefixItems"] = prefix.map((one) => convert(one, inner, to));
    // What stands behind the listed ones is as undeclared as a key.
    if (inner === "closed" && items === undefined) out["items"] = false;
  }
}

function convertSameValue(node: SchemaNode, shape: Shape, to: Conversion, out: Record<string, unknown>): void {
  const together = shape === "plain" ? "plain" : "open";
  // Alternatives of which exactly one holds are closed one by one: left open, two that differ in optional keys would both hold.
  const alone = shape === "closed" && isOnlyOneOf(node) ? "closed" : together;
  for (const [keyword, its] of [
    ["allOf", together],
    ["anyOf", together],
    ["oneOf", alone],
  ] as const) {
    const list = own(node, keyword);
    if (!Array.isArray(list) || list.length === 0) continue;
    out[keyword] = list.map((one) => {
      const made = convert(one, its, to);
      const isFree = keyword !== "allOf" && together === "open" && isFreeForm(one, to);
      return isFree && isNode(made) ? { ...made, additionalProperties: true } : made;
    });
  }
  for (const [keyword, its] of [
    ["not", "plain"],
    ["if", together === "open" ? "open" : "plain"],
    ["then", together],
    ["else", together],
  ] as const) {
    const value = own(node, keyword);
    if (isSchema(value)) out[keyword] = convert(value, its, to);
  }
}
