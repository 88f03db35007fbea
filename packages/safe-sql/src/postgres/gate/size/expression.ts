import { isTree, namesOf, single, type Tree } from "../ast.ts";
import { type Level, sizeOfReference } from "./level.ts";

/** Where an expression stands. */
export interface Around {
  /** Innermost first. */
  readonly levels: readonly Level[];
  /** Nodes of a query that stands in the expression. */
  query(tree: Tree): number;
}

/** A list of constants costs the planner little: 45,000 of them some 20 ms. */
const CONSTANTS_PER_NODE = 10;

/** Words of the parser and of names, which are no expression. */
const NAMES: ReadonlySet<string> = new Set([
  "funcname",
  "typeName",
  "collname",
  "operName",
  "useOp",
  "alias",
  "colnames",
]);

/**
 * Nodes of the expressions in `value`, written out as the server writes them out.
 *
 * Some of SQL's short forms name an operand once and use it several times, each time as a copy: nested in each other they double
 * with every level, in the server's analysis, which nothing can interrupt. 24 nested BETWEEN kept a backend busy for minutes.
 */
export function sizeOf(value: unknown, around: Around): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + sizeOf(one, around), 0);
  if (!isTree(value)) return 0;
  let size = 1;
  for (const [key, inner] of Object.entries(value)) {
    if (NAMES.has(key)) continue;
    if (isTree(inner) && Object.hasOwn(SIZES, key)) size += SIZES[key]?.(inner, around) ?? 0;
    else size += sizeOf(inner, around);
  }
  return size;
}

const SIZES: Readonly<Record<string, (tree: Tree, around: Around) => number>> = {
  A_Const: () => 0,
  String: () => 0,
  ColumnRef: (tree, { levels }) => sizeOfReference(levels, namesOf(tree["fields"])),
  SelectStmt: (tree, { query }) => query(tree),
  A_Expr(tree, around) {
    const left = sizeOf(tree["lexpr"], around);
    const list = constantsOf(tree);
    if (list !== undefined) return left + list.length / CONSTANTS_PER_NODE;
    const right = sizeOf(tree["rexpr"], around);
    const [leftTimes, rightTimes] = timesOf(tree);
    return left * leftTimes + right * rightTimes;
  },
  SubLink(tree, around) {
    const inner = sizeOf(tree["subselect"], around);
    // The planner makes two plans of it, to choose from: one to be asked for each row, one to be hashed.
    const times = tree["subLinkType"] === "EXISTS_SUBLINK" ? 2 : 1;
    return inner * times + sizeOf(tree["testexpr"], around);
  },
  A_Indirection(tree, around) {
    const inner = sizeOf(tree["arg"], around) + sizeOf(tree["indirection"], around);
    return hasStar(tree) ? inner * widthOf(around.levels) : inner;
  },
};

/** The values of IN where the server makes one array of them. */
function constantsOf(tree: Tree): readonly unknown[] | undefined {
  if (tree["kind"] !== "AEXPR_IN" || !isTree(tree["lexpr"]) || !isTree(tree["rexpr"])) return undefined;
  const list = isTree(tree["rexpr"]["List"]) ? tree["rexpr"]["List"]["items"] : undefined;
  if (!Array.isArray(list) || single(tree["lexpr"])[0] === "RowExpr") return undefined;
  return list.every((one: unknown) => isTree(one) && ["A_Const", "ParamRef"].includes(single(one)[0]))
    ? list
    : undefined;
}

/** How often the operands of an operator are written out. */
function timesOf(tree: Tree): readonly [left: number, right: number] {
  switch (tree["kind"]) {
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN":
      return [2, 1];
    case "AEXPR_BETWEEN_SYM":
    case "AEXPR_NOT_BETWEEN_SYM":
      return [4, 2];
    case "AEXPR_IN":
      // One comparison for each value, where the values do not fit into an array.
      return [listLength(tree["rexpr"]), 1];
    default:
      return [1, 1];
  }
}

function listLength(value: unknown): number {
  if (Array.isArray(value)) return Math.max(1, value.length);
  if (!isTree(value) || !isTree(value["List"])) return 1;
  return listLength(value["List"]["items"]);
}

/** `(row).*` */
export function hasStar(tree: Tree): boolean {
  const list = tree["indirection"];
  return Array.isArray(list) && list.some((node: unknown) => isTree(node) && single(node)[0] === "A_Star");
}

/** Columns of the widest row at hand. */
export function widthOf(levels: readonly Level[]): number {
  return Math.max(1, ...levels.flat().map(({ outputs }) => outputs.length));
}
