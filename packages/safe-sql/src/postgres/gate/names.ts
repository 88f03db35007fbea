import { SqlError } from "../../errors.ts";
import { isTree, namesOf, single, type Tree } from "./ast.ts";
import { SAMPLING } from "./functions.ts";
import { VALUE_FUNCTIONS } from "./kinds.ts";
import type { Scope, Visible } from "./scope.ts";

/** Names of WITH that a table's name may mean instead, at one place of the statement. */
export type Ctes = ReadonlySet<string>;

/** Where a name stands, and where what it is gets noted. */
interface Place {
  readonly scope: Scope;
  readonly ctes: Ctes;
  readonly reads: Set<Visible>;
  readonly columns: Set<string>;
  /** Numbers of parameters. */
  readonly params: Set<number>;
}

/** What is looked at in a node besides what it is made of: what its names stand for. @throws {SqlError} `denied`, `unknown_name` */
export const LOOKS: Readonly<Record<string, (tree: Tree, place: Place) => void>> = {
  RangeVar: table,
  FuncCall(tree, { scope }) {
    const names = namesOf(tree["funcname"]);
    if (!scope.function(names)) throw denied(`function ${names.join(".")}`);
    if (names.at(-1) === "format") formatWidth(tree["args"]);
  },
  TypeName(tree, { scope }) {
    const names = namesOf(tree["names"]);
    if (tree["pct_type"] === true || !scope.type(names)) throw denied(`type ${names.join(".")}`);
  },
  /** `t.f` calls the function f with a row of t where t has no such column. */
  ColumnRef(tree, { scope, columns }) {
    const names = namesOf(tree["fields"]);
    const last = names.at(-1) ?? "";
    columns.add(last);
    if (names.length > 1) attribute(scope, last);
  },
  A_Indirection(tree, { scope }) {
    for (const node of Array.isArray(tree["indirection"]) ? tree["indirection"] : []) {
      const [kind, name] = single(isTree(node) ? node : {});
      if (kind === "String") attribute(scope, String(name["sval"]));
    }
  },
  ParamRef: (tree, { params }) => void params.add(Number(tree["number"])),
  A_Expr: (tree, { scope }) => operator(scope, tree["name"]),
  SubLink: (tree, { scope }) => operator(scope, tree["operName"]),
  SortBy: (tree, { scope }) => operator(scope, tree["useOp"]),
  CollateClause(tree) {
    const names = namesOf(tree["collname"]);
    if (names.length > 2 || (names.length === 2 && names[0] !== "pg_catalog"))
      throw denied(`collation ${names.join(".")}`);
  },
  RangeTableSample(tree) {
    const names = namesOf(tree["method"]);
    if (names.length !== 1 || !SAMPLING.has(names[0] ?? "")) throw denied(`sampling method ${names.join(".")}`);
  },
  SQLValueFunction(tree) {
    if (!VALUE_FUNCTIONS.has(String(tree["op"]))) throw denied("that value of the session");
  },
};

function table(tree: Tree, { scope, ctes, reads }: Place): void {
  const [catalog, name] = [tree["catalogname"], String(tree["relname"])];
  const schema = tree["schemaname"] === undefined ? undefined : String(tree["schemaname"]);
  if (catalog !== undefined) throw denied("a name of three parts");
  if (schema === undefined && ctes.has(name)) return;
  const found = scope.table(schema, name);
  if (found === undefined)
    throw new SqlError("unknown_name", { hint: schema === undefined ? name : `${schema}.${name}` });
  reads.add(found);
}

/**
 * `format('%1000000000s', 'x')` writes a gigabyte of spaces one by one and hears no order to stop: the form is a constant, and widths
 * in it have three digits at most.
 */
function formatWidth(args: unknown): void {
  const [kind, form] = Array.isArray(args) && isTree(args[0]) ? single(args[0]) : ["", {}];
  const text = kind === "A_Const" && isTree(form["sval"]) ? String(form["sval"]["sval"] ?? "") : undefined;
  if (text === undefined || /%(?:\d+\$)?-?(?:\*|\d{4})/.test(text)) throw denied("function format with that form");
}

function operator(scope: Scope, list: unknown): void {
  if (list === undefined) return;
  const names = namesOf(list);
  const isFine = names.length === 1 ? scope.operator(names[0] ?? "") : names.length === 2 && names[0] === "pg_catalog";
  if (!isFine) throw denied(`operator ${names.join(".")}`);
}

function attribute(scope: Scope, name: string): void {
  if (!scope.attribute(name)) throw denied(`function ${name}`);
}

function denied(hint: string): SqlError {
  return new SqlError("denied", { hint });
}
