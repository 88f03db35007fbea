import { isTree, single, type Tree } from "../ast.ts";
import { type Measured, RELATION } from "./from.ts";
import { renamed } from "./level.ts";

/** A query that WITH gave a name. */
export interface Named {
  readonly cte: Tree;
  /** As it stands, with what it names itself written out; measured when it is first asked for. */
  measured(): Measured;
}

/** Names of WITH at one place of a statement. */
export type Names = ReadonlyMap<string, Named>;

/** How often each was named in the whole statement. */
export type References = Map<Tree, number>;

/**
 * The names of a WITH clause, added to those around it: each query sees the ones before it, or all where it is RECURSIVE, also those
 * that come later.
 */
export function namesOf(clause: unknown, outer: Names, measure: (query: Tree, names: Names) => Measured): Names {
  if (!isTree(clause) || !Array.isArray(clause["ctes"])) return outer;
  const names = new Map(outer);
  for (const node of clause["ctes"] as readonly Tree[]) {
    const [, cte] = single(node);
    const seen: Names = clause["recursive"] === true ? names : new Map(names);
    names.set(String(cte["ctename"]), { cte, measured: lazily(cte, (query) => measure(query, seen)) });
  }
  return names;
}

function lazily(cte: Tree, measure: (query: Tree) => Measured): () => Measured {
  let known: Measured | undefined;
  let isMeasuring = false;
  return () => {
    if (known !== undefined) return known;
    // It names itself, and is never written out: its rows are kept.
    if (isMeasuring) return { size: RELATION, outputs: [{ name: undefined, size: 1 }] };
    isMeasuring = true;
    const [, query] = single(cte["ctequery"] as Tree);
    const { size, outputs } = measure(query);
    const list = Array.isArray(cte["aliascolnames"]) ? cte["aliascolnames"] : [];
    const names = list.map((node: Tree) => String(single(node)[1]["sval"]));
    known = { size, outputs: renamed(outputs, names) };
    return known;
  };
}

/** What naming the query once more adds: all of it, where it is written out in each place. */
export function sizeOfMention({ cte, measured }: Named, references: References): Measured {
  const { size, outputs } = measured();
  if (isWrittenOut(cte, references)) return { size: size + RELATION, outputs };
  return { size: RELATION, outputs: outputs.map(({ name }) => ({ name, size: 1 })) };
}

/** As PostgreSQL decides it: NOT MATERIALIZED, or named once and not said to be MATERIALIZED. */
export function isWrittenOut(cte: Tree, references: References): boolean {
  const count = references.get(cte) ?? 0;
  return count > 0 && (cte["ctematerialized"] === "CTEMaterializeNever" || (isDefault(cte) && count === 1));
}

function isDefault(cte: Tree): boolean {
  return cte["ctematerialized"] === "CTEMaterializeDefault";
}
