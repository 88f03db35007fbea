import { SqlError } from "../../errors.ts";
import { isTree, namesOf, type Parsed, single, type Tree } from "./ast.ts";
import { SAMPLING } from "./functions.ts";
import { CHANGE_FIELDS, CHANGE_KINDS, FIELDS, KINDS, SCALARS, VALUE_FUNCTIONS } from "./kinds.ts";
import type { Scope } from "./scope.ts";

/** Levels of the parse tree: each of its steps adds about three. A thousand conditions joined by OR are one level. */
const MAX_DEPTH = 2500;

/** What a statement that was let through names. */
export interface Judgement<Table> {
  /** In the order of the statement, each once. */
  readonly reads: readonly Table[];
  /** Every name of a column that stands in the statement; `*` for all. */
  readonly columns: ReadonlySet<string>;
}

/** Names of WITH that a table's name may mean instead, at one place of the statement. */
type Ctes = ReadonlySet<string>;

/**
 * Lets a statement through, or refuses it: every kind of node, field, table, function, type and operator must be known to be harmless.
 *
 * It narrows what the role may do and is not the last word: privileges are. What it adds is what PostgreSQL cannot take from a role:
 * settings, advisory locks, sleeping, functions that run SQL, the catalogue.
 *
 * @throws {SqlError} `not_a_read`, `denied`, `unknown_name`, `too_large`
 */
export function judge<Table>(parsed: Parsed, scope: Scope<Table>, change = false): Judgement<Table> {
  const reads = new Set<Table>();
  const columns = new Set<string>();
  const allowed = change ? new Set([...KINDS, ...CHANGE_KINDS]) : KINDS;
  const fields = change ? new Set([...FIELDS, ...CHANGE_FIELDS]) : FIELDS;
  visit(parsed.kind, parsed.tree, new Set(), 0);
  return { reads: [...reads], columns };

  function visit(kind: string, tree: Tree, outer: Ctes, depth: number): void {
    if (depth > MAX_DEPTH) throw new SqlError("too_large", { hint: "the statement is nested too deeply" });
    if (!allowed.has(kind)) throw refusal(kind);
    const ctes = withNames(tree, outer, depth);
    look(kind, tree, ctes);
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

  function look(kind: string, tree: Tree, ctes: Ctes): void {
    switch (kind) {
      case "RangeVar":
        return table(tree, ctes);
      case "FuncCall":
        return allowFunction(namesOf(tree["funcname"]));
      case "TypeName":
        return allowType(namesOf(tree["names"]), tree);
      case "ColumnRef":
        return column(namesOf(tree["fields"]));
      case "A_Indirection":
        return indirection(tree["indirection"]);
      case "A_Expr":
        return allowOperator(namesOf(tree["name"]));
      case "SubLink":
        return tree["operName"] === undefined ? undefined : allowOperator(namesOf(tree["operName"]));
      case "SortBy":
        return tree["useOp"] === undefined ? undefined : allowOperator(namesOf(tree["useOp"]));
      case "CollateClause":
        return ofCatalog(namesOf(tree["collname"]), "collation");
      case "RangeTableSample":
        return sampling(namesOf(tree["method"]));
      case "SQLValueFunction":
        if (!VALUE_FUNCTIONS.has(String(tree["op"]))) throw denied("that value of the session");
    }
  }

  function table(tree: Tree, ctes: Ctes): void {
    const [catalog, schema, name] = [tree["catalogname"], tree["schemaname"], String(tree["relname"])];
    if (catalog !== undefined) throw denied("a name of three parts");
    if (schema === undefined && ctes.has(name)) return;
    const found = scope.table(schema === undefined ? undefined : String(schema), name);
    if (found === undefined)
      throw new SqlError("unknown_name", { hint: schema === undefined ? name : `${schema}.${name}` });
    reads.add(found);
  }

  function allowFunction(names: readonly string[]): void {
    if (!scope.function(names)) throw denied(`function ${names.join(".")}`);
  }

  function allowType(names: readonly string[], tree: Tree): void {
    if (tree["pct_type"] === true || !scope.type(names)) throw denied(`type ${names.join(".")}`);
  }

  function allowOperator(names: readonly string[]): void {
    const name = names.at(-1) ?? "";
    if (
      names.length > 2 ||
      (names.length === 2 && names[0] !== "pg_catalog") ||
      (names.length === 1 && !scope.operator(name))
    )
      throw denied(`operator ${names.join(".")}`);
  }

  /** `t.f` calls the function f with a row of t where t has no such column. */
  function column(names: readonly string[]): void {
    columns.add(names.at(-1) ?? "");
    if (names.length > 1) attribute(names.at(-1) ?? "");
  }

  function indirection(list: unknown): void {
    for (const node of Array.isArray(list) ? list : []) {
      const [kind, tree] = single(isTree(node) ? node : {});
      if (kind === "String") attribute(String(tree["sval"]));
    }
  }

  function attribute(name: string): void {
    if (!scope.attribute(name)) throw denied(`function ${name}`);
  }
}

function ofCatalog(names: readonly string[], what: string): void {
  if (names.length > 2 || (names.length === 2 && names[0] !== "pg_catalog")) throw denied(`${what} ${names.join(".")}`);
}

function sampling(names: readonly string[]): void {
  const name = names.at(-1) ?? "";
  if (names.length !== 1 || !SAMPLING.has(name)) throw denied(`sampling method ${name}`);
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

function denied(hint: string): SqlError {
  return new SqlError("denied", { hint });
}
