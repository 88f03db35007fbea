import type { Connection } from "../connect/connection.ts";
import { rowsOf } from "../connect/prepared.ts";

/** Keys and indexes of one table. */
export interface Details {
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    /** `schema.name` of the table it points to. */
    readonly references: string;
    readonly to: readonly string[];
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly unique: boolean;
    /** Null: an expression, which may say more than a name. */
    readonly columns: readonly (string | null)[];
    /** Only over the rows of a condition. */
    readonly isPartial: boolean;
  }[];
}

const FOREIGN_KEYS = `
select pg_catalog.jsonb_build_array(
  (select pg_catalog.jsonb_agg(a.attname order by k.at) from pg_catalog.unnest(f.conkey) with ordinality k(attnum, at)
    join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum),
  n.nspname || '.' || c.relname,
  (select pg_catalog.jsonb_agg(a.attname order by k.at) from pg_catalog.unnest(f.confkey) with ordinality k(attnum, at)
    join pg_catalog.pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum))
from pg_catalog.pg_constraint f join pg_catalog.pg_class c on c.oid = f.confrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where f.conrelid = $1::oid and f.contype = 'f' order by f.conname`;

const INDEXES = `
select pg_catalog.jsonb_build_array(c.relname, i.indisunique,
  (select pg_catalog.jsonb_agg(a.attname order by k.at) from pg_catalog.unnest(i.indkey) with ordinality k(attnum, at)
    left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0), i.indpred is not null)
from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
where i.indrelid = $1::oid and i.indisvalid order by c.relname`;

export async function loadDetails(connection: Connection, oid: string, timeoutMs: number): Promise<Details> {
  const read = async <T>(sql: string): Promise<T[]> =>
    (await rowsOf(connection.run, sql, [oid], timeoutMs)).map(([json]) => JSON.parse(json ?? "null") as T);
  const keys = await read<[string[], string, string[]]>(FOREIGN_KEYS);
  const indexes = await read<[string, boolean, (string | null)[], boolean]>(INDEXES);
  return {
    foreignKeys: keys.map(([columns, references, to]) => ({ columns, references, to })),
    indexes: indexes.map(([name, unique, columns, isPartial]) => ({ name, unique, columns, isPartial })),
  };
}
