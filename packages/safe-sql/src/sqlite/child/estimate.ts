import type { Connection } from "./connection.ts";
import { quoted, rowsOf } from "./engine.ts";
import type { Readable } from "./sample.ts";

/** Above it, a table without statistics and without a rowid is only said to have as many. */
const MOST_COUNTED = 10_000;

/**
 * Rows of a table: what ANALYZE noted, else the largest rowid (an upper bound that costs one look at the b-tree), else a count that
 * stops early. Nothing for views, and nothing where rows are filtered, since the number would tell of the others.
 */
export function estimatedRows(connection: Connection, access: Readable): number | undefined {
  const { relation } = access;
  if (relation.kind === "view" || (access.kind === "restricted" && access.rule.filter !== undefined)) {
    return undefined;
  }
  const { engine, gate, names, catalogue } = connection;
  const from = `${quoted(names.schema)}.${quoted(relation.name)}`;
  return gate.asOwn(() => {
    if (catalogue.has("sqlite_stat1")) {
      const stat = rowsOf(
        engine,
        `select max(cast(stat as integer)) from ${quoted(names.schema)}.sqlite_stat1 where tbl = ?`,
        relation.name,
      );
      const noted = stat[0]?.[0];
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
