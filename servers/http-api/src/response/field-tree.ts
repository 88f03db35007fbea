import type { Json } from "../model/json-schema.ts";

/** Paths of a configuration (`items.*.email`) as a tree, so that a value is walked once for all of them. */
export interface FieldTree<T> {
  readonly members: ReadonlyMap<string, FieldTree<T>>;
  /** What is to be done with everything here and below. */
  readonly leaf: T | undefined;
}

interface Growing<T> extends FieldTree<T> {
  readonly members: Map<string, Growing<T>>;
  leaf: T | undefined;
}

export function fieldTree<T>(rows: readonly (readonly [path: string, leaf: T])[]): FieldTree<T> {
  const root: Growing<T> = { members: new Map(), leaf: undefined };
  for (const [path, leaf] of rows) {
    let node = root;
    for (const key of path.split(".")) {
      const next = node.members.get(key) ?? { members: new Map(), leaf: undefined };
      node.members.set(key, next);
      node = next;
    }
    node.leaf = leaf;
  }
  return root;
}

/** The trees that go on below a key: that of its name, and that of `*`. */
export function below<T>(trees: readonly FieldTree<T>[], key: string): readonly FieldTree<T>[] {
  return trees.flatMap(({ members }) => [members.get(key), members.get("*")].filter((tree) => tree !== undefined));
}

/** A copy of a value with each member made anew; what becomes `undefined` is left out. */
export function mapMembers(value: Json, change: (member: Json, key: string) => Json | undefined): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, at) => {
      const changed = change(item, String(at));
      return changed === undefined ? [] : [changed];
    });
  }
  const entries: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const changed = change(member, key);
    if (changed !== undefined) entries.push([key, changed]);
  }
  return Object.fromEntries(entries);
}
