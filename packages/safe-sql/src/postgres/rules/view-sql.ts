import { SqlError } from "../../errors.ts";
import { DIGEST_DIGITS } from "../../rules/digest.ts";
import type { EffectiveTable } from "../../rules/rules.ts";
import type { Column, Relation } from "../catalog/catalog.ts";
import { KEY_SCHEMA } from "../role/plan.ts";
import { filterSql } from "./filter.ts";
import { identifier } from "./identifier.ts";
import { shownColumns } from "./restricted.ts";

/**
 * The view that stands before a restricted table. `security_barrier` keeps PostgreSQL from running a caller's condition on rows that
 * the filter leaves out: an error or the time it takes would tell of them.
 */
export function viewSql(schema: string, table: Relation, rules: EffectiveTable): string {
  const columns = shownColumns(table, rules);
  if (columns.length === 0) throw new SqlError("invalid_option", { hint: `rules: nothing is left of ${table.name}` });
  const targets = columns.map((column) => `  ${shown(column, rules)} AS ${identifier(column.name)}`).join(",\n");
  const writes = rules.filter !== undefined && rules.write.length > 0 ? ", check_option = cascaded" : "";
  const where = rules.filter === undefined ? "" : `\nWHERE (\n${filterSql(table.name, rules.filter)}\n)`;
  const name = `${identifier(schema)}.${identifier(table.name)}`;
  const base = `${identifier(table.schema)}.${identifier(table.name)}`;
  return `CREATE VIEW ${name} WITH (security_barrier = true${writes}) AS SELECT\n${targets}\nFROM ${base}${where};`;
}

function shown({ name, declared }: Column, { masks }: EffectiveTable): string {
  const column = identifier(name);
  const mask = Object.hasOwn(masks, name) ? masks[name] : undefined;
  const text = `${column}::pg_catalog.text`;
  switch (mask?.as) {
    case undefined:
      return column;
    case "null":
      return `NULL::${declared}`;
    case "hash":
      return `pg_catalog.left(pg_catalog.encode(${hmac(text)}, 'hex'), ${DIGEST_DIGITS})`;
    case "partial": {
      const { keepFirst, keepLast } = mask as { keepFirst: number; keepLast: number };
      const length = `pg_catalog.length(${text})`;
      const kept = keepFirst + keepLast;
      return (
        `CASE WHEN ${length} <= ${kept} THEN pg_catalog.repeat('*', ${length}) ELSE ` +
        `pg_catalog.left(${text}, ${keepFirst}) || pg_catalog.repeat('*', ${length} - ${kept}) || ` +
        `pg_catalog.right(${text}, ${keepLast}) END`
      );
    }
  }
}

/** HMAC-SHA-256 (RFC 2104) of what is built in; the padded keys are in a table that only the owner of the view reads. */
function hmac(text: string): string {
  const key = (pad: string): string => `(SELECT ${pad} FROM ${KEY_SCHEMA}.mask_key)`;
  return `pg_catalog.sha256(${key("outer_pad")} || pg_catalog.sha256(${key("inner_pad")} || pg_catalog.convert_to(${text}, 'UTF8')))`;
}
