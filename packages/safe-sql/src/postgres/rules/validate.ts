import { SqlError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import type { SourceRules } from "../../rules/rules.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { filterSql } from "./filter.ts";
import { relationOf } from "./variant.ts";

/**
 * Every name in the rules is that of something: a rule that misses its column by a letter would protect nothing.
 *
 * @throws {SqlError} `invalid_option`, with the nearest name that there is
 */
export function validateRules(rules: SourceRules, catalog: Catalog, schemas: readonly string[]): void {
  for (const schema of schemas) {
    if (/^pg_|^information_schema$|^hardened_mcp/.test(schema))
      throw invalid(`schemas: ${schema} is not for statements`);
    if (!catalog.schemas.has(schema)) throw invalid(`schemas: there is no schema ${schema}`);
  }
  const seen = new Set<string>();
  for (const [name, { columns = [], deny = [], mask = {}, filter }] of Object.entries(rules.tables ?? {})) {
    const relation = relationOf(catalog, schemas, name);
    if (relation === undefined)
      throw invalid(`rules: there is no table ${name}${suggestion(name, tableNames(catalog, schemas))}`);
    if (seen.has(relation.oid)) throw invalid(`rules: ${name} is named twice`);
    seen.add(relation.oid);
    const named = [
      ...columns,
      ...deny.map((rule) => (typeof rule === "string" ? rule : rule.column)),
      ...Object.keys(mask),
    ];
    const known = relation.columns.map((column) => column.name);
    for (const column of named) {
      if (!known.includes(column)) throw invalid(`rules: ${name} has no column ${column}${suggestion(column, known)}`);
    }
    if (filter !== undefined) filterSql(name, typeof filter === "string" ? filter : filter.where);
    if (relation.isHidden && (named.length > 0 || filter !== undefined))
      throw invalid(`rules: ${name} cannot be restricted, since its name without a schema means another table`);
  }
}

function tableNames(catalog: Catalog, schemas: readonly string[]): string[] {
  return [...catalog.relations.values()]
    .filter(({ schema }) => schemas.includes(schema))
    .flatMap(({ schema, name }) => [name, `${schema}.${name}`]);
}

function suggestion(name: string, known: readonly string[]): string {
  const found = nearest(name, known);
  return found === undefined ? "" : `; the nearest is ${found}`;
}

function invalid(hint: string): SqlError {
  return new SqlError("invalid_option", { hint });
}
