import type { Field, RecordShape, Shape } from "./shape.ts";

/** Objects nested deeper than this are left out: no rule a reviewer can read goes there. */
const MAX_DEPTH = 8;
/** Fields of one object; a tool has no more. */
const MAX_FIELDS = 256;

type Json = Readonly<Record<string, unknown>>;
type Outcome = { readonly shape: Shape; readonly nullable?: boolean } | { readonly reason: string };

/**
 * Keys that mean something to Cedar's JSON reader. A field of such a name could be read as an entity or as a call of a
 * function, so it never reaches the engine.
 */
const RESERVED = new Set(["__entity", "__extn", "__expr", "__proto__"]);

/** What policies can see of arguments that pass `schema`, a JSON Schema as zod writes it. */
export function shapeOfInput(schema: Json): RecordShape {
  const outcome = shapeOf(schema, schema, 0);
  if ("shape" in outcome && outcome.shape.kind === "record") return outcome.shape;
  return { kind: "record", fields: new Map(), leftOut: new Map() };
}

function shapeOf(schema: Json, root: Json, depth: number): Outcome {
  if (depth > MAX_DEPTH) return { reason: `it lies more than ${MAX_DEPTH} levels deep, or contains itself` };
  const { $ref: ref, anyOf, oneOf, allOf, type, const: constant } = schema;
  if (typeof ref === "string") {
    const target = resolve(ref, root);
    return target === undefined ? { reason: "its definition cannot be found" } : shapeOf(target, root, depth + 1);
  }
  if (allOf !== undefined) return { reason: "it must pass several schemas at once" };
  if (oneOf !== undefined || anyOf !== undefined) return ofUnion(oneOf ?? anyOf, root, depth);
  if (constant !== undefined) return ofValues([constant]);
  if (Array.isArray(schema["enum"])) return ofValues(schema["enum"]);
  if (Array.isArray(type))
    return ofUnion(
      type.map((one) => ({ ...schema, type: one })),
      root,
      depth,
    );
  switch (type) {
    case "string":
      return { shape: { kind: "string", values: undefined } };
    case "integer":
      return { shape: { kind: "long" } };
    case "boolean":
      return { shape: { kind: "boolean" } };
    case "number":
      return { reason: "it may have a fraction, and Cedar counts in whole numbers" };
    case "array":
      return ofArray(schema, root, depth);
    case "object":
      return ofObject(schema, root, depth);
    default:
      return { reason: "it may be of any type" };
  }
}

/** A union of one type with null, or of fixed values; Cedar has no others. */
function ofUnion(options: unknown, root: Json, depth: number): Outcome {
  const all = Array.isArray(options) ? options.map(asObject) : [];
  const real = all.filter((one) => one["type"] !== "null");
  const [only] = real;
  if (real.length === 1 && only !== undefined) {
    const inner = shapeOf(only, root, depth);
    return "shape" in inner ? { ...inner, nullable: true } : inner;
  }
  const values = real.flatMap((one) =>
    one["const"] !== undefined ? [one["const"]] : (asArray(one["enum"]) ?? [undefined]),
  );
  if (values.length > 0 && values.every((value) => value !== undefined)) {
    const inner = ofValues(values);
    return "shape" in inner && real.length < all.length ? { ...inner, nullable: true } : inner;
  }
  return { reason: "it may be of several types" };
}

function ofValues(values: readonly unknown[]): Outcome {
  const strings = values.filter((value) => typeof value === "string");
  if (strings.length === values.length) return { shape: { kind: "string", values: strings } };
  if (values.every(Number.isSafeInteger)) return { shape: { kind: "long" } };
  if (values.every((value) => typeof value === "boolean")) return { shape: { kind: "boolean" } };
  return { reason: "its values are of several types" };
}

function ofArray(schema: Json, root: Json, depth: number): Outcome {
  if (schema["prefixItems"] !== undefined) return { reason: "it is a list whose places have types of their own" };
  const inner = shapeOf(asObject(schema["items"]), root, depth + 1);
  if ("reason" in inner) return { reason: `it is a list, and of its elements ${inner.reason}` };
  if (inner.nullable === true) return { reason: "it is a list that may hold null" };
  return { shape: { kind: "set", element: inner.shape } };
}

function ofObject(schema: Json, root: Json, depth: number): Outcome {
  const properties = Object.entries(asObject(schema["properties"]));
  if (schema["additionalProperties"] !== false || schema["patternProperties"] !== undefined) {
    return { reason: "it takes keys that its schema does not name" };
  }
  if (properties.length > MAX_FIELDS) return { reason: `it has more than ${MAX_FIELDS} fields` };
  const required = new Set(asArray(schema["required"]) ?? []);
  const fields = new Map<string, Field>();
  const leftOut = new Map<string, string>();
  for (const [name, property] of properties) {
    const inner = shapeOf(asObject(property), root, depth + 1);
    if (RESERVED.has(name)) leftOut.set(name, "its name has a meaning of its own in Cedar");
    else if ("reason" in inner) leftOut.set(name, inner.reason);
    else fields.set(name, { shape: inner.shape, required: required.has(name) && inner.nullable !== true });
  }
  return { shape: { kind: "record", fields, leftOut } };
}

/** `#/$defs/name`, which is all that zod writes. */
function resolve(ref: string, root: Json): Json | undefined {
  if (ref === "#") return root;
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref)?.[1];
  if (name === undefined) return undefined;
  const defs = asObject(root["$defs"] ?? root["definitions"]);
  return Object.hasOwn(defs, name) ? asObject(defs[name]) : undefined;
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
