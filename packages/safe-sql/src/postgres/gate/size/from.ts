import { isTree, single, type Tree } from "../ast.ts";
import type { Visible } from "../scope.ts";
import { sizeOf } from "./expression.ts";
import { type Level, type Output, renamed, type Source, sizeOfReference, sourceOf } from "./level.ts";

/** A relation costs the planner as much as so many nodes of an expression: its paths, statistics and joins. */
export const RELATION = 200;
/** Nodes of a column of a view, which is whatever its owner made it. */
const VIEW_COLUMN = 10;

/** A query that is measured. */
export interface Measured {
  /** Nodes altogether. */
  readonly size: number;
  readonly outputs: readonly Output[];
}

/** What the members of a FROM need to know of the rest. */
export interface Surroundings {
  readonly outer: readonly Level[];
  query(tree: Tree, outer: readonly Level[]): Measured;
  /** A name without a schema that WITH gave to a query. */
  named(name: string): Measured | undefined;
  table(schema: string | undefined, name: string): Visible | undefined;
}

/** Adds what `node`, a member of FROM, offers to `level`. @returns its nodes */
export function sizeOfMember(node: unknown, level: Source[], around: Surroundings): number {
  if (!isTree(node)) return 0;
  const [kind, tree] = single(node);
  const alias = isTree(tree["alias"]) ? tree["alias"] : {};
  const name = alias["aliasname"] === undefined ? undefined : String(alias["aliasname"]);
  const add = (outputs: readonly Output[], own?: string): void =>
    void level.push(sourceOf(name ?? own, renamed(outputs, wordsOf(alias["colnames"]))));
  const inner = (value: unknown, members: Level = level): number => {
    const levels = [members, ...around.outer];
    return sizeOf(value, { levels, query: (query) => around.query(query, levels).size });
  };

  switch (kind) {
    case "RangeVar": {
      const { size, outputs } = relation(tree, around);
      add(outputs, String(tree["relname"]));
      return size;
    }
    case "RangeSubselect": {
      const [, query] = single(tree["subquery"] as Tree);
      // What is not LATERAL does not see the members before it: the same name then means one further out.
      const seen = tree["lateral"] === true ? [[...level], ...around.outer] : around.outer;
      const { size, outputs } = around.query(query, seen);
      add(outputs);
      return size + RELATION;
    }
    case "RangeTableSample":
      return sizeOfMember(tree["relation"], level, around) + inner(tree["args"]) + inner(tree["repeatable"]);
    case "JoinExpr": {
      const members: Source[] = [...level];
      const size = sizeOfMember(tree["larg"], members, around) + sizeOfMember(tree["rarg"], members, around);
      const joined = members.slice(level.length);
      const using = isTree(tree["join_using_alias"]) ? String(tree["join_using_alias"]["aliasname"]) : undefined;
      const condition = inner(tree["quals"], members) + sizeOfMerged(tree, joined);
      // `(a join b) as j` hides a and b.
      if (name === undefined) level.push(...joined);
      const columns = joined.flatMap(({ outputs }) => outputs);
      if (name !== undefined || using !== undefined) add(columns, using);
      return size + condition;
    }
    default: {
      // A function or a table made of a document: its columns are plain, and named by it.
      const columns = [...wordsOf(tree["coldeflist"], "colname"), ...(name === undefined ? [] : [name])];
      const size = RELATION + inner({ ...tree, alias: undefined, coldeflist: undefined });
      add([{ name: undefined, size: 1 }, ...columns.map((column) => ({ name: column, size: 1 }))]);
      return size;
    }
  }
}

/** Each column of USING, or that NATURAL finds, is that of any member so far: in a full join, of the first that has a value. */
function sizeOfMerged(tree: Tree, joined: Level): number {
  if (tree["isNatural"] !== true && tree["usingClause"] === undefined) return 0;
  const names = tree["isNatural"] === true ? (joined.at(-1)?.sizes.keys() ?? []) : wordsOf(tree["usingClause"]);
  return [...names].reduce((sum, name) => sum + sizeOfReference([joined], [name]), 0);
}

/** A table, a view, or a query of WITH. */
export function relation(tree: Tree, { named, table }: Pick<Surroundings, "named" | "table">): Measured {
  const name = String(tree["relname"]);
  const schema = tree["schemaname"] === undefined ? undefined : String(tree["schemaname"]);
  const query = schema === undefined ? named(name) : undefined;
  if (query !== undefined) return query;
  const found = table(schema, name);
  const behind = (found?.relation.readsFrom.length ?? 0) + (found?.rules === undefined ? 0 : 1);
  const size = found?.relation.isView === true ? VIEW_COLUMN : 1;
  return {
    size: RELATION * (1 + behind),
    outputs: (found?.columns ?? []).map((column) => ({ name: column.name, size })),
  };
}

function wordsOf(list: unknown, field = "sval"): readonly string[] {
  return (Array.isArray(list) ? list : []).map((node: unknown) => {
    const [, tree] = single(isTree(node) ? node : {});
    return String(tree[field] ?? "");
  });
}
