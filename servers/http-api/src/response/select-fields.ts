import type { Json } from "../model/json-schema.ts";
import { below, type FieldTree, fieldTree, mapMembers } from "./field-tree.ts";

const trees = new WeakMap<readonly string[], FieldTree<true>>();

/** Only the named parts of a value; `undefined` where it has none of them. */
export function selectFields(value: Json, fields: readonly string[]): Json | undefined {
  let tree = trees.get(fields);
  if (tree === undefined) {
    tree = fieldTree(fields.map((field) => [field, true] as const));
    trees.set(fields, tree);
  }
  return select(value, [tree]);
}

function select(value: Json, paths: readonly FieldTree<true>[]): Json | undefined {
  if (paths.some(({ leaf }) => leaf)) return value;
  // A path that goes on below something without members names nothing.
  if (value === null || typeof value !== "object") return undefined;
  return mapMembers(value, (member, key) => {
    const next = below(paths, key);
    return next.length === 0 ? undefined : select(member, next);
  });
}
