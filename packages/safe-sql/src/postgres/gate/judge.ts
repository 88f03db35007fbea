import { SqlError } from "../../errors.ts";
import { isTree, type Parsed, single, type Tree } from "./ast.ts";
import { CHANGE_FIELDS, CHANGE_KINDS, FIELDS, KINDS, SCALARS } from "./kinds.ts";
import { type Ctes, LOOKS } from "./names.ts";
import type { Scope, Visible } from "./scope.ts";

/**
 * Levels of the parse tree. Each `||` of a chain is one, and each subquery three; a thousand conditions joined by OR are one. Those who
 * walk the tree call themselves for each: from 2,000 on the stack of JavaScript ends (measured).
 */
const MAX_DEPTH = 1000;
/** Nodes of the parse tree, which are judged one by one in some 50 ms: a list of 20,000 numbers fits. */
const MAX_NODES = 42_000;
/** Names of one WITH. Each sees the ones before it: the effort grows with the square. */
const MAX_NAMES = 300;

/** What a statement that was let through names. */
export interface Judgement {
  /** In the order of the statement, each once. */
  readonly reads: readonly Visible[];
  /** Every name of a column that stands in the statement; `*` for all. */
  readonly columns: ReadonlySet<string>;
  /** The highest number of a parameter, `$3`; 0 without any. */
  readonly lastParam: number;
}

/**
 * Lets a statement through, or refuses it: every kind of node, field, table, function, type and operator must be known to be harmless.
 *
 * It narrows what the role may do and is not the last word: privileges are. What it adds is what PostgreSQL cannot take from a role:
 * settings, advisory locks, sleeping, functions that run SQL, the catalogue.
 *
 * @throws {SqlError} `not_a_read`, `denied`, `unknown_name`, `too_large`
 */
export function judge(parsed: Parsed, scope: Scope, change = false): Judgement {
  const reads = new Set<Visible>();
  const columns = new Set<string>();
  const params = new Set<number>();
  const allowed = change ? new Set([...KINDS, ...CHANGE_KINDS]) : KINDS;
  const fields = change ? new Set([...FIELDS, ...CHANGE_FIELDS]) : FIELDS;
  let nodes = 0;
  visit(parsed.kind, parsed.tree, new Set(), 0);
  return { reads: [...reads], columns, lastParam: Math.max(0, ...params) };

  function visit(kind: string, tree: Tree, outer: Ctes, depth: number): void {
    if (depth > MAX_DEPTH) throw new SqlError("too_large", { hint: "the statement is nested too deeply" });
    if (++nodes > MAX_NODES) throw new SqlError("too_large", { hint: "the statement has too many parts" });
    if (!allowed.has(kind)) throw refusal(kind);
    const ctes = withNames(tree, outer, depth);
    LOOKS[kind]?.(tree, { scope, ctes, reads, columns, params });
    for (const [field, value] of Object.entries(tree)) {
      // Visited for its names already, each query with the names that hold for it.
      if (field === "withClause") continue;
      visitField(kind, field, value, ctes, depth + 1);
    }
  }

  function visitField(kind: string, field: string, value: unknown, ctes: Ctes, depth: number): void {
    if (Array.isArray(value) && fields.has(field)) {
      for (const one of value) visitValue(field, one, ctes, depth);
    } else if (isTree(value) && fields.has(field)) {
      visitValue(field, value, ctes, depth);
    } else if (isTree(value) || Array.isArray(value) || !(SCALARS.has(field) || fields.has(field))) {
      throw refusal(`${kind}.${field}`);
    }
  }

  /** The parser names the kind of a node by a capital; where only one kind can stand, it leaves the name out. */
  function visitValue(field: string, value: unknown, ctes: Ctes, depth: number): void {
    if (!isTree(value)) throw refusal(field);
    const keys = Object.keys(value);
    if (keys.length === 0) return;
    const isNamed = keys.length === 1 && /^[A-Z]/.test(keys[0] ?? "");
    const [kind, tree] = isNamed ? single(value) : [bareKind(field), value];
    visit(kind, tree, ctes, depth);
  }

  /** Adds the names of a WITH clause, and visits its queries: each sees the ones before it, or all where it is RECURSIVE. */
  function withNames(tree: Tree, outer: Ctes, depth: number): Ctes {
    const clause = tree["withClause"];
    if (clause === undefined) return outer;
    if (!isTree(clause) || !Array.isArray(clause["ctes"])) throw refusal("WithClause");
    const queries = clause["ctes"].map((node: unknown) => {
      const [kind, cte] = single(isTree(node) ? node : {});
      if (kind !== "CommonTableExpr") throw refusal(kind);
      return cte;
    });
    if (queries.length > MAX_NAMES) throw new SqlError("too_large", { hint: "WITH has too many queries" });
    const names = new Set(outer);
    if (clause["recursive"] === true) for (const cte of queries) names.add(String(cte["ctename"]));
    for (const cte of queries) {
      const query = cte["ctequery"];
      // INSERT, UPDATE and DELETE may stand here, too; one statement changes one table.
      if (!isTree(query) || single(query)[0] !== "SelectStmt") throw refusal("CommonTableExpr");
      visit("CommonTableExpr", cte, new Set(names), depth + 2);
      names.add(String(cte["ctename"]));
    }
    return names;
  }
}

/** Which kind stands in a field that does not say so. */
const BARE: Readonly<Record<string, string>> = {
  alias: "Alias",
  join_using_alias: "Alias",
  larg: "SelectStmt",
  rarg: "SelectStmt",
  over: "WindowDef",
  typeName: "TypeName",
  collClause: "CollateClause",
  search_clause: "CTESearchClause",
  cycle_clause: "CTECycleClause",
  relation: "RangeVar",
  context_item: "JsonValueExpr",
  pathspec: "JsonTablePathSpec",
  on_empty: "JsonBehavior",
  on_error: "JsonBehavior",
  format: "JsonFormat",
  output: "JsonOutput",
  returning: "JsonReturning",
  constructor: "JsonAggConstructor",
  arg: "JsonValueExpr",
  value: "JsonValueExpr",
  val: "JsonValueExpr",
  expr: "JsonValueExpr",
  onConflictClause: "OnConflictClause",
  infer: "InferClause",
  returningClause: "ReturningClause",
  sval: "String",
  ival: "Integer",
  fval: "Float",
  bsval: "String",
  boolval: "Integer",
};

function bareKind(field: string): string {
  const kind = BARE[field];
  if (kind === undefined) throw refusal(field);
  return kind;
}

/** A statement that is none that reads; the rest is refused as a construct. */
function refusal(kind: string): SqlError {
  if (/Stmt$/.test(kind)) return new SqlError("not_a_read");
  if (kind.endsWith("intoClause")) return new SqlError("not_a_read", { hint: "SELECT INTO" });
  if (kind.endsWith("lockingClause")) return new SqlError("not_a_read", { hint: "FOR UPDATE" });
  return new SqlError("denied", { hint: `the construct ${kind}` });
}
