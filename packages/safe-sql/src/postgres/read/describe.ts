import type { TableColumn, TableDescription, TableSummary } from "../../source.ts";
import type { Details } from "../catalog/details.ts";
import type { Visible } from "../gate/scope.ts";
import type { Variant } from "../rules/variant.ts";
import { readerOf } from "../wire/decode.ts";

export function summaryOf({ name, relation, rules }: Visible): TableSummary {
  return {
    name,
    kind: relation.kind,
    // How many rows there are is more than a caller of some of them may know.
    ...(relation.estimatedRows !== undefined &&
      !isFiltered(rules, relation) && { estimatedRows: relation.estimatedRows }),
    ...(relation.comment !== undefined && { comment: relation.comment }),
  };
}

/** The table as the caller may know it: what mentions a hidden column or table is left out. */
export function descriptionOf(variant: Variant, table: Visible, details: Details): TableDescription {
  const visible = new Set(table.columns.map(({ name }) => name));
  const areVisible = (names: readonly (string | null)[]): names is readonly string[] =>
    names.every((name) => name !== null && visible.has(name));
  return {
    ...summaryOf(table),
    columns: table.columns.map((column) => columnOf(table, column)),
    primaryKey: areVisible(table.relation.primaryKey) ? table.relation.primaryKey : [],
    foreignKeys: details.foreignKeys.flatMap(({ columns, references, to }) => {
      const target = variant.tables.find(({ relation }) => `${relation.schema}.${relation.name}` === references);
      const isTargetVisible = to.every((name) => target?.columns.some((column) => column.name === name));
      return target !== undefined && isTargetVisible && areVisible(columns)
        ? [{ columns, references: target.name, to }]
        : [];
    }),
    indexes: details.indexes.flatMap(({ name, unique, columns }) =>
      areVisible(columns) ? [{ name, unique, columns }] : [],
    ),
    filtered: isFiltered(table.rules, table.relation),
  };
}

function columnOf({ rules }: Visible, column: Visible["columns"][number]): TableColumn {
  const mask = Object.hasOwn(rules?.masks ?? {}, column.name) ? rules?.masks[column.name] : undefined;
  return {
    name: column.name,
    // A mask makes a text of what it shows.
    type: mask === undefined ? readerOf(column.typeId).type : "text",
    declared: mask === undefined ? column.declared : "text",
    nullable: mask?.as === "null" || column.nullable,
    ...(column.default !== undefined && mask === undefined && { default: column.default }),
    ...(mask !== undefined && { masked: mask.as }),
    ...(column.comment !== undefined && { comment: column.comment }),
  };
}

function isFiltered(rules: Visible["rules"], { hasRowSecurity }: Visible["relation"]): boolean {
  return rules?.filter !== undefined || hasRowSecurity;
}
