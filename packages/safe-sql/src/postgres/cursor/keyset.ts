import { isTree, namesOf, single, type Tree } from "../gate/ast.ts";
import type { Admitted } from "../gate/gate.ts";
import type { Visible } from "../gate/scope.ts";
import { identifier } from "../rules/identifier.ts";

/** A key that orders a result, so that its next page can start after a value of it. */
export interface Keyset {
  /** Name of the column in the result. */
  readonly column: string;
  /** Type of the key in SQL. */
  readonly type: string;
  readonly descending: boolean;
}

/** Types whose text is read back as exactly the same value. */
const EXACT: ReadonlyMap<number, string> = new Map([
  [20, "int8"],
  [21, "int2"],
  [23, "int4"],
  [25, "text"],
  [1043, "varchar"],
  [1082, "date"],
  [1114, "timestamp"],
  [1184, "timestamptz"],
  [1700, "numeric"],
  [2950, "uuid"],
]);

/** What may not be in the statement: it would change which rows there are, or count on all of them. */
const EVERY_ROW = [
  "distinctClause",
  "groupClause",
  "havingClause",
  "windowClause",
  "limitCount",
  "limitOffset",
  "withClause",
  "larg",
];

/**
 * The key by which the result of a statement can be paged: one table, its primary key in the result, and no other order asked for.
 * A statement without an order gets that of the key: any is right, and only then are the pages those of one result.
 */
export function keysetOf(admitted: Admitted): Keyset | undefined {
  // Of a statement that was let through nothing changes, and it is kept for its next call.
  if (!known.has(admitted)) known.set(admitted, findKeyset(admitted));
  return known.get(admitted);
}

const known = new WeakMap<Admitted, Keyset | undefined>();

function findKeyset({ parsed, reads }: Admitted): Keyset | undefined {
  const [table] = reads;
  const { tree } = parsed;
  if (table === undefined || reads.length !== 1 || EVERY_ROW.some((field) => tree[field] !== undefined))
    return undefined;
  const key = keyOf(table);
  if (key === undefined) return undefined;
  const from = tree["fromClause"];
  if (!Array.isArray(from) || from.length !== 1) return undefined;
  const [kind, source] = single(from[0] as Tree);
  // `from t as x(b, a)` gives its columns other names.
  if (kind !== "RangeVar" || hasKind(source, ["colnames"])) return undefined;
  // A function may give several rows for one, or one for all.
  if (hasKind(tree["targetList"], ["FuncCall", "SubLink", "A_Indirection"])) return undefined;
  const column = resultName(tree["targetList"], table, key.name);
  const descending = column === undefined ? undefined : direction(tree["sortClause"], key.name);
  return column === undefined || descending === undefined ? undefined : { column, type: key.type, descending };
}

const BEFORE = "select * from (\n";

/** Characters before the caller's own statement in what is made here of it. */
export const WRAPPED = BEFORE.length;

/** The statement for one page. @param valueCount parameters that the statement has itself */
export function pageByKey(
  text: string,
  { column, type, descending }: Keyset,
  valueCount: number,
  hasAfter: boolean,
): string {
  const name = `hm_page.${identifier(column)}`;
  const after = hasAfter ? `where ${name} ${descending ? "<" : ">"} $${valueCount + 1}::pg_catalog.${type}` : "";
  const limit = `$${valueCount + (hasAfter ? 2 : 1)}`;
  // On a line of its own: the statement may end in a comment.
  return `${BEFORE}${text}\n) as hm_page ${after} order by ${name}${descending ? " desc" : ""} limit ${limit}::int8`;
}

/** The same result, from a row on; the rows before are skipped in the server. */
export function pageBySkip(text: string, valueCount: number): string {
  return `${BEFORE}${text}\n) as hm_page offset $${valueCount + 1}::int8`;
}

function keyOf({ relation, columns, rules }: Visible): { name: string; type: string } | undefined {
  const [name] = relation.primaryKey;
  // The key of a table says nothing about the rows of tables that inherit from it.
  if (name === undefined || relation.primaryKey.length !== 1 || relation.hasHeirs) return undefined;
  const column = columns.find((one) => one.name === name);
  const type = EXACT.get(column?.typeId ?? 0);
  return type === undefined || Object.hasOwn(rules?.masks ?? {}, name) ? undefined : { name, type };
}

/** The name under which the key stands in the result, if it does and no other column has that name. */
function resultName(targets: unknown, { columns }: Visible, key: string): string | undefined {
  const names: { readonly name: string; readonly isKey: boolean }[] = [];
  for (const target of Array.isArray(targets) ? targets : []) {
    const [, result] = single(target as Tree);
    const value = result["val"];
    const column =
      isTree(value) && isTree(value["ColumnRef"]) ? namesOf(value["ColumnRef"]["fields"]).at(-1) : undefined;
    if (column === "*") names.push(...columns.map(({ name }) => ({ name, isKey: name === key })));
    else names.push({ name: String(result["name"] ?? column ?? "?column?"), isKey: column === key });
  }
  const [found, ...others] = names.filter(({ isKey }) => isKey);
  if (found === undefined || others.length > 0) return undefined;
  // ORDER BY means a column of the result before one of the table.
  if (names.some(({ name, isKey }) => name === key && !isKey)) return undefined;
  return names.filter(({ name }) => name === found.name).length === 1 ? found.name : undefined;
}

/** Whether the order asked for is that of the key, and which way; `undefined` where it is another. */
function direction(sort: unknown, key: string): boolean | undefined {
  if (sort === undefined) return false;
  if (!Array.isArray(sort) || sort.length !== 1) return undefined;
  const [, by] = single(sort[0] as Tree);
  const node = by["node"];
  const isKey = isTree(node) && isTree(node["ColumnRef"]) && namesOf(node["ColumnRef"]["fields"]).at(-1) === key;
  if (!isKey || by["useOp"] !== undefined || by["sortby_nulls"] !== "SORTBY_NULLS_DEFAULT") return undefined;
  return by["sortby_dir"] === "SORTBY_DESC";
}

function hasKind(value: unknown, kinds: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((one) => hasKind(one, kinds));
  return isTree(value) && Object.entries(value).some(([key, one]) => kinds.includes(key) || hasKind(one, kinds));
}
