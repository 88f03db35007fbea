import type { Json } from "../model/json-schema.ts";

/** Paths of a configuration (`items.*.email`) as a tree, so that a value is walked once for all of them. */
export interface FieldTree<T> {
  readonly members: ReadonlyMap<string, FieldTree<T>>;
  /** What is to be done with everything here and below. */
  readonly leaf: T | undefined;
  /** The paths that go on with a name, for lists that they do not mention; `undefined`: there are none. */
  readonly named: FieldTree<T> | undefined;
}

export function fieldTree<T>(rows: readonly (readonly [path: string, leaf: T])[]): FieldTree<T> {
  return treeOf(rows.map(([path, leaf]) => ({ keys: path.split("."), leaf })));
}

interface Row<T> {
  readonly keys: readonly string[];
  readonly leaf: T;
}

function treeOf<T>(rows: readonly Row<T>[]): FieldTree<T> {
  const ends = rows.filter(({ keys }) => keys.length === 0);
  const on = rows.filter(({ keys }) => keys.length > 0);
  const byName = on.filter(({ keys: [first = ""] }) => first !== "*" && !/^\d+$/.test(first));
  const members = new Map<string, FieldTree<T>>();
  for (const [first, below] of Map.groupBy(on, ({ keys }) => keys[0] as string))
    members.set(first, treeOf(below.map(({ keys, leaf }) => ({ keys: keys.slice(1), leaf }))));
  const tree: { -readonly [Key in keyof FieldTree<T>]: FieldTree<T>[Key] } = {
    members,
    leaf: ends.at(-1)?.leaf,
    named: undefined,
  };
  if (byName.length > 0) tree.named = byName.length === rows.length ? tree : treeOf(byName);
  return tree;
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
