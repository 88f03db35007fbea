import type { EffectiveTable } from "../../rules/rules.ts";
import type { Catalog, Column, Relation } from "../catalog/catalog.ts";
import { FUNCTIONS, TYPES } from "./functions.ts";

/** A table as one caller sees it. */
export interface Visible {
  /** As it is written in SQL. */
  readonly name: string;
  readonly relation: Relation;
  readonly columns: readonly Column[];
  /** Absent: everything of it. */
  readonly rules: EffectiveTable | undefined;
}

/** What names may stand for, for one caller. */
export interface Scope {
  /** The table of that name, if it may be read. */
  table(schema: string | undefined, name: string): Visible | undefined;
  /** Whether the function may be called. */
  function(names: readonly string[]): boolean;
  type(names: readonly string[]): boolean;
  /** Whether an operator without a schema is harmless. */
  operator(name: string): boolean;
  /** Whether `something.name` can only be a column. */
  attribute(name: string): boolean;
}

/** Built-in names and those of the catalogue. @param extra functions that the rules allow besides, as `name` or `schema.name` */
export function createScope(
  catalog: Catalog,
  schemas: readonly string[],
  extra: readonly string[],
  table: Scope["table"],
): Scope {
  const also = new Set(extra);
  const columns = new Set([...catalog.relations.values()].flatMap((one) => one.columns.map((column) => column.name)));
  return {
    table,
    function(names) {
      const [schema, name] = names.length === 1 ? [undefined, names[0] ?? ""] : names;
      if (names.length > 2 || name === undefined) return false;
      if (also.has(names.join("."))) return true;
      if (schema === "pg_catalog") return FUNCTIONS.has(name) || also.has(name);
      // pg_catalog comes first in the search path, yet a function of another schema is called where its arguments fit better.
      return schema === undefined && FUNCTIONS.has(name) && !catalog.overloads.has(name);
    },
    type(names) {
      const [schema, name] = names.length === 1 ? [undefined, names[0] ?? ""] : names;
      if (names.length > 2 || name === undefined) return false;
      if (schema === "pg_catalog" || (schema === undefined && TYPES.has(name))) return TYPES.has(name);
      return catalog.types.has(name) && (schema === undefined || schemas.includes(schema));
    },
    operator: (name) => !catalog.operators.has(name),
    attribute: (name) => !catalog.rowFunctions.has(name) || columns.has(name) || also.has(name),
  };
}
