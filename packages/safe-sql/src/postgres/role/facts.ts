import { arrayText } from "../catalog/load.ts";
import type { Connection } from "../connect/connection.ts";
import { rowsOf } from "../connect/prepared.ts";

/** What the database says a set of roles may do. */
export interface RoleFacts {
  readonly existing: ReadonlySet<string>;
  /** Role, and what it is, such as `SUPERUSER`. */
  readonly attributes: readonly (readonly [role: string, attribute: string])[];
  readonly memberships: readonly (readonly [role: string, member: string])[];
  /** Rights on a table, view or sequence outside the system's schemas. */
  readonly tables: readonly TableRight[];
  /** Role, and what it may make or owns. */
  readonly ownerships: readonly (readonly [role: string, what: string])[];
  /** Functions with rights of their owner, or that only chosen roles may call by default: role, signature, name, kind. */
  readonly functions: readonly (readonly [role: string, signature: string, name: string, why: string])[];
  readonly views: readonly ViewFact[];
}

export interface TableRight {
  readonly role: string;
  /** Quoted, `schema.name`. */
  readonly quoted: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "sequence";
  readonly select: boolean;
  /** Of the whole table or of a column: `INSERT`, `UPDATE` ... */
  readonly writes: readonly string[];
  /** It came with an extension. */
  readonly isOfExtension: boolean;
}

/** A view in a schema of ours. */
export interface ViewFact {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly isBarrier: boolean;
  /** Its definition is the one that was noted when it was made. */
  readonly isSealed: boolean;
}

const ATTRIBUTES = `
select r.rolname::text, a.name from pg_catalog.pg_roles r cross join lateral (values
  (r.rolsuper, 'SUPERUSER'), (r.rolcreaterole, 'CREATEROLE'), (r.rolcreatedb, 'CREATEDB'),
  (r.rolreplication, 'REPLICATION'), (r.rolbypassrls, 'BYPASSRLS'), (true, '')) a(has, name)
where r.rolname = any($1::text[]) and a.has`;

const MEMBERSHIPS = `
select r.rolname::text, x.rolname::text from pg_catalog.pg_roles r join pg_catalog.pg_roles x
  on x.oid <> r.oid and not r.rolsuper and pg_catalog.pg_has_role(r.oid, x.oid, 'MEMBER')
where r.rolname = any($1::text[])`;

const USER_SCHEMAS = "n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'";

/** Tables of the catalogue that not everyone may read by default: passwords, and the statistics, which hold values of every table. */
const GUARDED_CATALOG = `(n.nspname = 'pg_catalog' and exists (select from pg_catalog.pg_init_privs i
  where i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and i.objoid = c.oid and i.objsubid = 0)
  and not exists (select from pg_catalog.pg_init_privs i cross join lateral pg_catalog.aclexplode(i.initprivs) a
    where i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and i.objoid = c.oid and a.grantee = 0))`;

/** A superuser may do all; what remains once it is none is what everyone may. */
const GRANTEE = "(case when r.rolsuper then 'public' else r.rolname end)";

function tables(version: number): string {
  const rights = [
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
    ...(version >= 170_000 ? ["MAINTAIN"] : []),
  ];
  const whole = rights.map((right) => `(pg_catalog.has_table_privilege(${GRANTEE}, c.oid, '${right}'), '${right}')`);
  const column = ["INSERT", "UPDATE", "REFERENCES"].map(
    (right) => `(pg_catalog.has_any_column_privilege(${GRANTEE}, c.oid, '${right}'), '${right}')`,
  );
  return `
select r.rolname::text, pg_catalog.format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text, 'table',
  pg_catalog.has_any_column_privilege(${GRANTEE}, c.oid, 'SELECT')::text, w.list::text,
  exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
    and d.deptype = 'e')::text
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace cross join pg_catalog.pg_roles r
cross join lateral (select pg_catalog.jsonb_agg(distinct v.name) from (values ${[...whole, ...column].join(", ")}) v(has, name) where v.has) w(list)
where c.relkind in ('r', 'p', 'v', 'm', 'f') and (${USER_SCHEMAS} or ${GUARDED_CATALOG}) and r.rolname = any($1::text[])
  and (w.list is not null or pg_catalog.has_any_column_privilege(${GRANTEE}, c.oid, 'SELECT'))
union all
select r.rolname::text, pg_catalog.format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text, 'sequence', 'false', '["UPDATE"]', 'false'
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace cross join pg_catalog.pg_roles r
where c.relkind = 'S' and ${USER_SCHEMAS} and r.rolname = any($1::text[])
  and pg_catalog.has_sequence_privilege(${GRANTEE}, c.oid, 'UPDATE')`;
}

const OWNERSHIPS = `
select r.rolname::text, f.what from pg_catalog.pg_roles r cross join lateral (
  select 'may create in schema ' || n.nspname from pg_catalog.pg_namespace n
    where ${USER_SCHEMAS} and pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
  union all select 'may create schemas in the database' where pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CREATE')
  union all select 'owns the database' from pg_catalog.pg_database d where d.datname = pg_catalog.current_database() and d.datdba = r.oid
  union all select 'owns ' || n.nspname || '.' || c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all select 'owns the schema ' || n.nspname from pg_catalog.pg_namespace n where n.nspowner = r.oid
  union all select 'owns the function ' || p.oid::pg_catalog.regprocedure::text from pg_catalog.pg_proc p where p.proowner = r.oid
) f(what)
where r.rolname = any($1::text[]) and not r.rolsuper`;

const FUNCTIONS = `
select r.rolname::text, pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
  p.proname::text, case when n.nspname = 'pg_catalog' then 'by default only chosen roles may' else 'it runs with the rights of its owner' end
from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace cross join pg_catalog.pg_roles r
where r.rolname = any($1::text[])
  and ((p.prosecdef and ${USER_SCHEMAS})
    or exists (select from pg_catalog.pg_init_privs i where i.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and i.objoid = p.oid
      and i.objsubid = 0 and n.nspname = 'pg_catalog' and not exists (select from pg_catalog.aclexplode(i.initprivs) a where a.grantee = 0)))
  and pg_catalog.has_function_privilege(${GRANTEE}, p.oid, 'EXECUTE')`;

const VIEWS = `
select n.nspname::text, c.relname::text, o.rolname::text, coalesce('security_barrier=true' = any(c.reloptions), false)::text,
  coalesce(pg_catalog.obj_description(c.oid, 'pg_class') = 'hardened-mcp ' || pg_catalog.md5(pg_catalog.pg_get_viewdef(c.oid)), false)::text
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_roles o on o.oid = c.relowner
where n.nspname = any($1::text[])`;

/** Asks for all roles at once. @param variants roles that are schemas of ours, too */
export async function loadRoleFacts(
  connection: Connection,
  role: string,
  variants: readonly string[],
  owner: string,
  timeoutMs: number,
): Promise<RoleFacts> {
  const acting = arrayText([role, ...variants]);
  const ask = (sql: string, list: string): Promise<(string | null)[][]> =>
    rowsOf(connection.run, sql, [list], timeoutMs);
  // As pg_get_viewdef was asked when the views were noted: what it says depends on the search path.
  await rowsOf(connection.run, "select pg_catalog.set_config('search_path', 'pg_catalog', false)", [], timeoutMs);
  const attributes = await ask(ATTRIBUTES, arrayText([role, ...variants, owner]));
  return {
    existing: new Set(attributes.map(([name]) => name ?? "")),
    attributes: pairs(attributes.filter(([, name]) => name !== "")),
    memberships: pairs(await ask(MEMBERSHIPS, arrayText([role, ...variants, owner]))),
    ownerships: pairs(await ask(OWNERSHIPS, acting)),
    functions: (await ask(FUNCTIONS, acting)).map((row) => row.map(String) as [string, string, string, string]),
    tables: (await ask(tables(connection.serverVersion), acting)).map((row) => {
      const [name, quoted, schema, table, kind, select, writes, extension] = row.map((cell) => cell ?? "");
      return {
        role: name ?? "",
        quoted: quoted ?? "",
        schema: schema ?? "",
        name: table ?? "",
        kind: kind as "table" | "sequence",
        select: select === "true",
        writes: JSON.parse(writes || "[]") as string[],
        isOfExtension: extension === "true",
      };
    }),
    views: (await ask(VIEWS, arrayText(variants))).map((row) => {
      const [schema, name, viewOwner, barrier, sealed] = row.map((cell) => cell ?? "");
      return {
        schema: schema ?? "",
        name: name ?? "",
        owner: viewOwner ?? "",
        isBarrier: barrier === "true",
        isSealed: sealed === "true",
      };
    }),
  };
}

function pairs(rows: readonly (readonly (string | null)[])[]): [string, string][] {
  return rows.map(([first, second]) => [first ?? "", second ?? ""]);
}
