import { isNode, own, type SchemaNode } from "./words.ts";

/** A chain of references this long is no design, it is a trap. */
const MAX_CHAIN = 64;

/**
 * What `ref` points at inside `root`, or `undefined`. Only `#/...` is followed (RFC 6901, section 6): nothing is ever fetched and no file is
 * read, whatever a document says (awslabs/mcp #3695).
 */
export function lookUp(root: unknown, ref: string): unknown {
  if (!isLocal(ref) || typeof root !== "object" || root === null) return undefined;
  const known = targets.get(root) ?? new Map<string, unknown>();
  targets.set(root, known);
  if (!known.has(ref)) known.set(ref, walkTo(root, ref));
  return known.get(ref);
}

/** By root: a few hundred references of a document stand in tens of thousands of places, and no document changes. */
const targets = new WeakMap<object, Map<string, unknown>>();

function walkTo(root: object, ref: string): unknown {
  let at: unknown = root;
  for (const step of ref.slice(2).split("/")) {
    const key = keyOf(step);
    if (key === undefined) return undefined;
    if (Array.isArray(at)) at = /^(?:0|[1-9][0-9]{0,8})$/.test(key) ? at[Number(key)] : undefined;
    else at = isNode(at) ? own(at, key) : undefined;
  }
  return at;
}

export function isLocal(ref: string): boolean {
  return ref.startsWith("#/");
}

/** Follows references until something else is reached; `undefined` for one that leads outside, nowhere or in a circle. */
export function deref(root: unknown, value: unknown): unknown {
  let at = value;
  for (let step = 0; step < MAX_CHAIN; step++) {
    if (!isNode(at) || typeof own(at, "$ref") !== "string") return at;
    at = lookUp(root, at["$ref"] as string);
  }
  return undefined;
}

/** The reference that a schema is, and nothing else: wherever it stands, it means the same. Most schemas of answers and bodies are one. */
export function onlyRef(schema: SchemaNode): string | undefined {
  for (const key in schema) if (key !== "$ref") return undefined;
  const ref = own(schema, "$ref");
  return typeof ref === "string" ? ref : undefined;
}

function keyOf(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}
