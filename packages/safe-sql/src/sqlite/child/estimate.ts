import type { Relation } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";
import type { Readable } from "./sample.ts";

/** Above it, a table without statistics and without a rowid is only said to have as many. */
const MOST_COUNTED = 10_000;

/** Rows of a relation for a caller: nothing where rows are filtered, since the number would tell of the others. */
export function estimatedRows(connection: Connection, access: Readable): number | undefined {
  const filtered = access.kind === "restricted" && access.rule.filter !== undefined;
  return filtered || access.relation.kind === "view" ? undefined : rowsInAll(connection, access.relation);
}

/**
 * Rows of a relation: what ANALYZE noted, else the largest rowid (an upper bound that costs one look at the b-tree), else a count that
 * stops early; 0 for views.
 */
export function rowsInAll({ engine, gate, names, catalogue }: Connection, relation: Relation): number {
  if (relation.kind === "view") {
    return 0;
  }
  const schema = quoted(names.schema);
  const from = `${schema}.${quoted(relation.name)}`;
  return gate.asOwn(() => {
    if (catalogue.has("sqlite_stat1")) {
      const sql = `select max(cast(stat as integer)) from ${schema}.sqlite_stat1 where tbl = ?`;
      const noted = rowsOf(engine, sql, relation.name)[0]?.[0];
      if (typeof noted === "number") {
        return noted;
      }
    }
    const sql =
      relation.kind === "table" && !relation.withoutRowid
        ? `select coalesce(max(rowid), 0) from ${from}`
        : `select count(*) from (select 1 from ${from} limit ${MOST_COUNTED})`;
    return Math.max(0, Number(rowsOf(engine, sql)[0]?.[0] ?? 0));
  });
}
