import type { Connection } from "../connect/connection.ts";
import { rowsOf } from "../connect/prepared.ts";
import type { Catalog, Column, Relation } from "./catalog.ts";

const RELATIONS = `
with recursive behind(reader, reads) as (
  select r.ev_class, d.refobjid
  from pg_catalog.pg_rewrite r
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> r.ev_class
  union
  select i.inhparent, i.inhrelid from pg_catalog.pg_inherits i
), reads(view, reads) as (
  select * from behind
  union
  select reads.view, behind.reads from reads join behind on behind.reader = reads.reads
)
select c.oid::text, n.nspname, c.relname, c.relkind, c.reltuples::text,
  pg_catalog.obj_description(c.oid, 'pg_class'),
  exists (select from pg_catalog.pg_class o join pg_catalog.pg_namespace m on m.oid = o.relnamespace
    where o.relname = c.relname and (m.nspname = 'pg_catalog'
      or pg_catalog.array_position($1::text[], m.nspname::text) < pg_catalog.array_position($1::text[], n.nspname::text))),
  c.relrowsecurity, c.relkind = 'r' and c.relhassubclass,
  pg_catalog.to_jsonb(array(select distinct reads.reads::text from reads where reads.view = c.oid)),
  (select pg_catalog.to_jsonb(array(select a.attname::text from pg_catalog.unnest(i.indkey) with ordinality k(attnum, at)
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum order by k.at))
    from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary),
  (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.attname, a.atttypid::text,
      pg_catalog.format_type(a.atttypid, a.atttypmod), not a.attnotnull,
      (select pg_catalog.pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d where d.adrelid = c.oid and d.adnum = a.attnum),
      pg_catalog.col_description(c.oid, a.attnum),
      pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')) order by a.attnum)
    from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = any($1::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')`;

const NAMES = `
select 'type', t.typname::text from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where n.nspname = any($1::text[]) and t.typtype in ('e', 'd', 'r', 'm', 'b') and t.typelem = 0
union all
select case when p.pronargs = 1 and (t.typtype = 'c' or t.typtype = 'p') then 'row' else 'function' end, p.proname::text
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  left join pg_catalog.pg_type t on t.oid = p.proargtypes[0]
  where n.nspname = any($1::text[])
    -- Functions that came with an extension in C and promise not to have effects (those of citext, hstore, pgvector ...).
    and not (p.provolatile <> 'v' and not p.prosecdef and exists (select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'))
union all
select 'operator', o.oprname::text from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
  join pg_catalog.pg_proc p on p.oid = o.oprcode
  where n.nspname = any($1::text[]) and (p.provolatile = 'v' or p.prosecdef)
union all
select 'schema', n.nspname::text from pg_catalog.pg_namespace n where n.nspname = any($1::text[])`;

/**
 * Reads the catalogue of these schemas, as the role that is connected.
 *
 * @param own schemas of ours, of which the views are looked at and nothing else
 */
export async function loadCatalog(
  connection: Connection,
  schemas: readonly string[],
  own: readonly string[],
  timeoutMs: number,
): Promise<Catalog> {
  const list = [arrayText(schemas)];
  const relations = await rowsOf(connection.run, RELATIONS, [arrayText([...schemas, ...own])], timeoutMs);
  const names = await rowsOf(connection.run, NAMES, list, timeoutMs);
  const named = (...kinds: readonly string[]): ReadonlySet<string> =>
    new Set(names.filter(([kind]) => kinds.includes(kind ?? "")).map(([, name]) => name ?? ""));
  return {
    relations: new Map(relations.map(readRelation).map((one) => [`${one.schema}.${one.name}`, one])),
    schemas: named("schema"),
    types: named("type"),
    overloads: named("function", "row"),
    rowFunctions: named("row"),
    operators: named("operator"),
  };
}

function readRelation(row: readonly (string | null)[]): Relation {
  const [oid, schema, name, kind, tuples, comment, hidden, security, heirs, reads, key, columns] = row.map(
    (cell) => cell ?? "",
  );
  const isView = kind === "v" || kind === "m";
  return {
    oid: oid ?? "",
    schema: schema ?? "",
    name: name ?? "",
    kind: isView ? "view" : "table",
    isView,
    // -1: never analysed. A view has no rows of its own.
    estimatedRows: kind === "v" || Number(tuples) < 0 ? undefined : Number(tuples),
    comment: comment || undefined,
    isHidden: hidden === "t",
    hasRowSecurity: security === "t",
    hasHeirs: heirs === "t",
    readsFrom: JSON.parse(reads || "[]") as string[],
    primaryKey: JSON.parse(key || "[]") as string[],
    columns: (JSON.parse(columns || "[]") as ColumnRow[]).map(readColumn),
  };
}

type ColumnRow = [string, string, string, boolean, string | null, string | null, boolean];

function readColumn([name, typeId, declared, nullable, expression, comment, readable]: ColumnRow): Column {
  return {
    name,
    typeId: Number(typeId),
    declared,
    nullable,
    default: expression ?? undefined,
    comment: comment ?? undefined,
    readable,
  };
}

/** An array in PostgreSQL's text form. */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
}
