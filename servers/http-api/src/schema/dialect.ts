import { type Dialect, isNode, isSchema, own, type SchemaNode } from "./words.ts";

/**
 * A schema as JSON Schema 2020-12 would put it: `nullable` and boolean `exclusiveMinimum` (OpenAPI 3.0, section 4.7.24), `type: file` (2.0,
 * and still met), a list under `items` (draft 4 to 2019-09). Both forms are read in both dialects, since documents mix them; what differs
 * is what stands beside `$ref`: nothing in 3.0, further conditions in 3.1.
 */
export function modern(node: SchemaNode, dialect: Dialect): SchemaNode {
  if (typeof own(node, "$ref") === "string") return modernRef(node, dialect);
  let made: SchemaNode = node;
  if (own(node, "type") === "file") made = { ...made, type: "string", format: "binary" };
  for (const [bound, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    const flag = own(node, exclusive);
    if (typeof flag !== "boolean") continue;
    const { [exclusive]: _, [bound]: limit, ...rest } = made;
    made = { ...rest, ...(limit === undefined ? {} : { [flag ? exclusive : bound]: limit }) };
  }
  if (Array.isArray(own(made, "items"))) {
    const { items, additionalItems, ...rest } = made;
    made = { ...rest, prefixItems: items, ...(isSchema(additionalItems) ? { items: additionalItems } : {}) };
  }
  return own(made, "nullable") === true ? nullable(made) : made;
}

function modernRef(node: SchemaNode, dialect: Dialect): SchemaNode {
  const { $ref, ...beside } = node;
  const rest = modern(beside, dialect);
  if (dialect === "3.0" || !Object.keys(rest).some((key) => !ANNOTATIONS.has(key))) return node;
  const all = Array.isArray(rest["allOf"]) ? rest["allOf"] : [];
  return { ...rest, allOf: [...all, { $ref }] };
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "default",
  "example",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "nullable",
  "$comment",
  "externalDocs",
]);

/** By the letter an `enum` without `null` forbids it, and `nullable` without `type` does nothing; those who write them mean that it may be null. */
function nullable(node: SchemaNode): SchemaNode {
  const { nullable: _, ...rest } = node;
  const type = own(rest, "type");
  if (typeof type === "string") {
    const list = own(rest, "enum");
    const values = Array.isArray(list) && !list.includes(null) ? { enum: [...list, null] } : {};
    return isComposed(rest) ? orNull(rest) : { ...rest, type: [type, "null"], ...values };
  }
  return isComposed(rest) ? orNull(rest) : rest;
}

function orNull(node: SchemaNode): SchemaNode {
  const { title, description, readOnly, writeOnly, ...rest } = node;
  const kept = { title, description, readOnly, writeOnly };
  return {
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    anyOf: [rest, { type: "null" }],
  };
}

function isComposed(node: SchemaNode): boolean {
  return ["allOf", "anyOf", "oneOf"].some((key) => Array.isArray(own(node, key)));
}

/** Whether a property is only for answers (`readOnly`) or only for requests (`writeOnly`), also where a reference says so. */
export function isFlagged(
  flag: "readOnly" | "writeOnly",
  schema: unknown,
  follow: (node: SchemaNode) => unknown,
): boolean {
  let at = schema;
  for (let step = 0; step < 8 && isNode(at); step++) {
    if (own(at, flag) === true) return true;
    const all = own(at, "allOf");
    if (typeof own(at, "$ref") === "string") at = follow(at);
    else if (Array.isArray(all)) return all.some((one) => isFlaggedOnce(flag, one, follow));
    else return false;
  }
  return false;
}

function isFlaggedOnce(flag: string, schema: unknown, follow: (node: SchemaNode) => unknown): boolean {
  if (!isNode(schema)) return false;
  const target = typeof own(schema, "$ref") === "string" ? follow(schema) : schema;
  return own(schema, flag) === true || (isNode(target) && own(target, flag) === true);
}
