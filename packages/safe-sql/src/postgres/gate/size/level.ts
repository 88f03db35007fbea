/** A column of a query or of a table, and how many nodes its expression has once everything it is made of is written out. */
export interface Output {
  /** `undefined` where the server makes up a name. */
  readonly name: string | undefined;
  readonly size: number;
}

/** What stands in FROM under one name. */
export interface Source {
  readonly alias: string | undefined;
  readonly outputs: readonly Output[];
  /** The sum, where several have the name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The largest of those without a name: any name may mean it. */
  readonly unnamed: number;
  /** Of all together: what the name of the row, or `*`, stands for. */
  readonly total: number;
}

/** What the FROM of one query offers. */
export type Level = readonly Source[];

export function sourceOf(alias: string | undefined, outputs: readonly Output[]): Source {
  const sizes = new Map<string, number>();
  let [unnamed, total] = [0, 0];
  for (const { name, size } of outputs) {
    total += size;
    if (name === undefined) unnamed = Math.max(unnamed, size);
    else sizes.set(name, (sizes.get(name) ?? 0) + size);
  }
  return { alias, outputs, sizes, unnamed, total: Math.max(1, total) };
}

/** `as t (b, a)` gives the first columns other names. */
export function renamed(outputs: readonly Output[], names: readonly string[]): readonly Output[] {
  const missing = names.slice(outputs.length).map((name) => ({ name, size: 1 }));
  return [...outputs.map(({ name, size }, at) => ({ name: names[at] ?? name, size })), ...missing];
}

/**
 * Nodes that a reference to a column stands for; rather too many than too few.
 *
 * The sum over all that the name may mean in the innermost query that has it: `using (a)` of a full join stands for both sides.
 *
 * @param levels innermost first
 */
export function sizeOfReference(levels: readonly Level[], names: readonly string[]): number {
  const [name, alias] = [names.at(-1) ?? "", names.at(-2)];
  let sum = 0;
  for (const level of levels) {
    let found = 0;
    for (const source of level) {
      if (alias !== undefined && source.alias !== alias) continue;
      const named = name === "*" ? source.total : (source.sizes.get(name) ?? 0);
      // The row itself; and `q.f`, which calls f with the row where there is no such column.
      const row = named === 0 && (alias !== undefined || source.alias === name) ? source.total : 0;
      found += named + row;
      sum += source.unnamed;
    }
    sum += found;
    if (found > 0) break;
  }
  return Math.max(1, sum);
}
