import type { TableDescription, TableSummary } from "../../source.ts";
import { folded } from "../fold.ts";
import { columnType } from "../types.ts";
import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";
import { estimatedRows } from "./estimate.ts";
import { type Readable, readable } from "./sample.ts";

/** Relations that the caller may read, by name. */
export function tables(connection: Connection): TableSummary[] {
  return [...connection.policy.values()]
    .flatMap((access) => (access.kind === "hidden" ? [] : [summary(connection, access)]))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function summary(connection: Connection, access: Readable): TableSummary {
  const { name, kind } = access.relation;
  const rows = estimatedRows(connection, access);
  const summarised = kind === "view" || kind === "virtual" ? kind : "table";
  return { name, kind: summarised, ...(rows === undefined ? {} : { estimatedRows: rows }) };
}

/** A relation as the caller may see it: nothing that names a denied column, no default of a masked one. */
export function describe(connection: Connection, table: string): TableDescription {
  const access = readable(connection, table);
  const { relation } = access;
  const columns = access.kind === "open" ? relation.columns : access.visible;
  const masks = new Map(
    access.kind === "open" ? [] : Object.entries(access.rule.masks).map(([name, { as }]) => [folded(name), as]),
  );
  const visible = new Set(columns.map((column) => folded(column.name)));
  const seen = (names: readonly string[]): boolean => names.every((name) => visible.has(folded(name)));
  const key = relation.columns.filter((column) => column.key > 0).sort((a, b) => a.key - b.key);
  const keyNames = key.map((column) => column.name);
  return {
    ...summary(connection, access),
    columns: columns.map((column) => {
      const masked = masks.get(folded(column.name));
      return {
        name: column.name,
        type: columnType(column.declared),
        declared: column.declared,
        nullable: !column.notNull && !(column.key > 0 && relation.withoutRowid),
        ...(masked === undefined ? {} : { masked }),
        ...(masked === undefined && column.default !== null ? { default: column.default } : {}),
      };
    }),
    primaryKey: seen(keyNames) ? keyNames : [],
    foreignKeys: foreignKeys(connection, relation.name).filter(({ columns: from }) => seen(from)),
    indexes: indexes(connection, relation.name).filter((index) => seen(index.columns)),
    filtered: access.kind === "restricted" && access.rule.filter !== undefined,
  };
}

/** Foreign keys to tables that the caller may read. */
function foreignKeys(connection: Connection, table: string): TableDescription["foreignKeys"] {
  const rows = own(connection, "foreign_key_list", table);
  const byId = Map.groupBy(rows, ([id]) => id);
  return [...byId.values()].reverse().flatMap((parts) => {
    const references = String(parts[0]?.[2]);
    const access = connection.policy.get(folded(references));
    const known = new Set(access === undefined || access.kind === "hidden" ? [] : visibleNames(access));
    const to = parts.every(([, , , , column]) => column !== null)
      ? parts.map(([, , , , column]) => String(column))
      : keyOf(connection, references);
    const readableTarget = to.length > 0 && to.every((name) => known.has(folded(name)));
    return readableTarget ? [{ columns: parts.map(([, , , column]) => String(column)), references, to }] : [];
  });
}

function visibleNames(access: Readable): string[] {
  return (access.kind === "open" ? access.relation.columns : access.visible).map((column) => folded(column.name));
}

function keyOf({ catalogue }: Connection, table: string): string[] {
  const columns = catalogue.get(folded(table))?.columns.filter((column) => column.key > 0) ?? [];
  return columns.sort((a, b) => a.key - b.key).map((column) => column.name);
}

/** Indexes over columns. Those over expressions or with a condition may hold any column in them, and are left out. */
function indexes(connection: Connection, table: string): TableDescription["indexes"] {
  return own(connection, "index_list", table).flatMap(([, name, unique, , partial]) => {
    const columns = own(connection, "index_info", String(name)).map(([, , column]) => column);
    return partial === 1 || columns.includes(null)
      ? []
      : [{ name: String(name), columns: columns.map(String), unique: unique === 1 }];
  });
}

function own({ engine, gate, names }: Connection, pragma: string, argument: string): unknown[][] {
  return gate.asOwn(() => rowsOf(engine, `pragma ${quoted(names.schema)}.${pragma}(${quoted(argument)})`));
}
