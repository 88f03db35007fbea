import { isNode, own } from "./words.ts";

/** A chain of references this long is no design, it is a trap. */
const MAX_CHAIN = 64;

/**
 * What `ref` points at inside `root`, or `undefined`. Only `#/...` is followed (RFC 6901, section 6): nothing is ever fetched and no file is
 * read, whatever a document says (awslabs/mcp #3695).
 */
export function lookUp(root: unknown, ref: string): unknown {
  if (!isLocal(ref)) return undefined;
  let at = root;
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

function keyOf(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}
