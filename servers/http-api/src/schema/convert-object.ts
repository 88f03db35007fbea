import type { JsonSchema } from "../model/json-schema.ts";
import { isOnlyOneOf } from "./composed.ts";
import type { Conversion, Shape } from "./conversion.ts";
import { isFlagged } from "./dialect.ts";
import { SAME_VALUE_LISTS } from "./keywords.ts";
import { deref, lookUp } from "./refs.ts";
import { isNode, isSchema, isStrings, own, put, type SchemaNode } from "./words.ts";

type Convert = (schema: unknown, shape: Shape) => JsonSchema;

/** The part of a schema that is about objects: declared keys, and whether there may be others. */
export function convertObject(
  node: SchemaNode,
  shape: Shape,
  to: Conversion,
  out: Record<string, unknown>,
  convert: Convert,
): void {
  const inner = shape === "plain" ? "plain" : "closed";
  const cut = convertProperties(node, inner, to, out, convert);
  const required = own(node, "required");
  if (isStrings(required)) {
    const kept = [...new Set(required)].filter((name) => !cut.has(name));
    if (kept.length > 0) out["required"] = kept;
  }
  const patterned = own(node, "patternProperties");
  if (isNode(patterned)) {
    const usable = Object.entries(patterned).filter(([source]) => to.patterns(source) !== undefined);
    if (usable.length > 0) {
      out["patternProperties"] = Object.fromEntries(usable.map(([source, one]) => [source, convert(one, inner)]));
    }
  }
  const dependent = own(node, "dependentSchemas");
  if (isNode(dependent)) {
    const made: Record<string, unknown> = {};
    for (const [name, one] of Object.entries(dependent))
      put(made, name, convert(one, shape === "plain" ? "plain" : "open"));
    out["dependentSchemas"] = made;
  }
  for (const keyword of ["additionalProperties", "unevaluatedProperties"]) {
    const value = own(node, keyword);
    if (isSchema(value)) out[keyword] = convert(value, inner);
  }
  if (shape === "closed") close(node, to, out);
}

/** The names that are not for this side: they are refused in a request, and cut from an answer. */
function convertProperties(
  node: SchemaNode,
  inner: Shape,
  to: Conversion,
  out: Record<string, unknown>,
  convert: Convert,
): ReadonlySet<string> {
  const cut = new Set<string>();
  const properties = own(node, "properties");
  if (!isNode(properties)) return cut;
  const flag = to.side === "input" ? "readOnly" : "writeOnly";
  const made: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(properties)) {
    if (isFlagged(flag, one, (at) => lookUp(to.root, String(at["$ref"]))) || !to.isName(name)) {
      cut.add(name);
      // `false`, and not merely undeclared: the object may let undeclared keys in.
      if (to.side === "input") put(made, name, false);
    } else put(made, name, convert(one, inner));
  }
  out["properties"] = made;
  return cut;
}

function close(node: SchemaNode, to: Conversion, out: Record<string, unknown>): void {
  if (out["additionalProperties"] !== undefined || out["unevaluatedProperties"] !== undefined) return;
  if (isComposed(node)) {
    if (!isOnlyOneOf(node) && declaresKeys(node, to)) out["unevaluatedProperties"] = false;
    return;
  }
  if (!declaresKeysHere(node)) return;
  out["additionalProperties"] = false;
  // A key that is required has been declared by that.
  const made = { ...(isNode(out["properties"]) ? out["properties"] : {}) };
  for (const name of isStrings(out["required"]) ? out["required"] : []) {
    if (!Object.hasOwn(made, name) && to.isName(name)) put(made, name, true);
  }
  out["properties"] = made;
}

function isComposed(node: SchemaNode): boolean {
  return [...SAME_VALUE_LISTS, "if", "dependentSchemas"].some((keyword) => own(node, keyword) !== undefined);
}

function declaresKeysHere(node: SchemaNode): boolean {
  return own(node, "properties") !== undefined || own(node, "patternProperties") !== undefined;
}

/** Whether any schema for the same value declares keys; where none does there is nothing to be strict about. */
function declaresKeys(node: SchemaNode, to: Conversion): boolean {
  const seen = new Set<unknown>([node]);
  for (const at of seen) {
    if (!isNode(at)) continue;
    if (declaresKeysHere(at)) return true;
    for (const keyword of SAME_VALUE_LISTS) {
      const list = own(at, keyword);
      if (Array.isArray(list)) for (const one of list) seen.add(deref(to.root, one));
    }
    for (const keyword of ["then", "else"]) seen.add(deref(to.root, own(at, keyword)));
  }
  return false;
}
