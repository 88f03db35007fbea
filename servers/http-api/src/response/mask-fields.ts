import { hash } from "node:crypto";
import type { ResponseConfig } from "../config/response-schema.ts";
import type { Json } from "../model/json-schema.ts";
import { below, type FieldTree, fieldTree, mapMembers } from "./field-tree.ts";

type Mask = ResponseConfig["mask"][number]["as"];

const trees = new WeakMap<ResponseConfig["mask"], FieldTree<Mask>>();
/** Where two masks meet, the one that shows less wins. */
const BY_STRENGTH: readonly Mask[] = ["null", "fixed", "hash"];
/** RFC 2104: the key, filled up to a block of SHA-256, with each byte turned by this. */
const [BLOCK_BYTES, INNER, OUTER] = [64, 0x36, 0x5c];
const DIGEST_DIGITS = 32;

/**
 * A value with the named parts masked; what is null stays null.
 *
 * A path says what an honest answer looks like, and must hold for any other. Lists on its way are stepped through whether it names them
 * (`*`) or not, also one around the whole. A text, number or truth value on its way, where something with members should be, is masked
 * itself: it may be what the path leads to.
 *
 * @param hashKey of `hash`: whoever has it can test guesses. At most 64 bytes
 */
export function maskFields(value: Json, masks: ResponseConfig["mask"], hashKey: Uint8Array): Json {
  let tree = trees.get(masks);
  if (tree === undefined) {
    tree = fieldTree(strongestFirst(masks).map(({ field, as }) => [field, as] as const));
    trees.set(masks, tree);
  }
  return apply(value, [tree], hashKey);
}

/** The tree keeps the last of two for the same place. */
function strongestFirst(masks: ResponseConfig["mask"]): ResponseConfig["mask"] {
  return masks.toSorted((a, b) => BY_STRENGTH.indexOf(b.as) - BY_STRENGTH.indexOf(a.as));
}

function apply(value: Json, paths: readonly FieldTree<Mask>[], key: Uint8Array): Json {
  const as = BY_STRENGTH.find((mask) => paths.some(({ leaf }) => leaf === mask));
  if (as !== undefined) return masked(value, as, key);
  if (value === null) return null;
  if (typeof value !== "object") return masked(value, strongestBelow(paths), key);
  if (Array.isArray(value)) {
    const pathsOf = elementPaths(paths);
    return value.map((item: Json, at) => within(item, pathsOf(at), key));
  }
  return mapMembers(value, (member, name) => within(member, below(paths, name), key));
}

function within(value: Json, paths: readonly FieldTree<Mask>[], key: Uint8Array): Json {
  return paths.length === 0 ? value : apply(value, paths, key);
}

/** What goes on below an element: what names it, and what does not speak of a list. */
function elementPaths(paths: readonly FieldTree<Mask>[]): (at: number) => readonly FieldTree<Mask>[] {
  if (paths.every((path) => path.named === path)) return () => paths;
  const unnamed = paths.flatMap(({ named }) => named ?? []);
  return (at) => [...below(paths, String(at)), ...unnamed];
}

function strongestBelow(paths: readonly FieldTree<Mask>[]): Mask {
  const found = new Set<Mask>();
  const rest = [...paths];
  for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
    if (path.leaf !== undefined) found.add(path.leaf);
    rest.push(...path.members.values());
  }
  return BY_STRENGTH.find((mask) => found.has(mask)) ?? "null";
}

function masked(value: Json, as: Mask, key: Uint8Array): Json {
  if (value === null || as === "null") return null;
  return as === "fixed" ? "***" : digest(JSON.stringify(value), key);
}

const pads = new WeakMap<Uint8Array, readonly [inner: Buffer, outer: Buffer]>();

/** HMAC-SHA-256, its first 16 bytes in hex, by two one-shot hashes: `createHmac` leaves native memory that V8 does not see (safe-sql). */
function digest(text: string, key: Uint8Array): string {
  let pad = pads.get(key);
  if (pad === undefined) {
    pad = [padded(key, INNER), padded(key, OUTER)];
    pads.set(key, pad);
  }
  const inner = hash("sha256", Buffer.concat([pad[0], Buffer.from(text)]), "buffer");
  return hash("sha256", Buffer.concat([pad[1], inner]), "hex").slice(0, DIGEST_DIGITS);
}

function padded(key: Uint8Array, pad: number): Buffer {
  return Buffer.from(Buffer.alloc(BLOCK_BYTES, pad).map((byte, at) => byte ^ (key[at] ?? 0)));
}
