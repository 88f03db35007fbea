import { arrayText } from "../catalog/load.ts";
import type { Connection } from "../connect/connection.ts";
import { rowsOf } from "../connect/prepared.ts";
import { isRestricted } from "../rules/restricted.ts";
import { KEY_SCHEMA, VIEW_OWNER } from "./plan.ts";
import { type RoleSqlInput, tablesOf } from "./sql.ts";

type Right = "SELECT" | "INSERT" | "UPDATE" | "DELETE";

/** A right that the rules need, of a role that may not be the one of the connection. */
interface Needed {
  readonly role: string;
  readonly schema: string;
  readonly table: string;
  readonly right: Right;
}

/** Of the whole table, or of each of its columns. Roles that do not exist are a finding of their own. */
const LACKING = `
select n.role, n.schema, n.name, n.needed
from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[]), pg_catalog.unnest($4::text[]))
  n(role, schema, name, needed)
join pg_catalog.pg_roles r on r.rolname = n.role
left join pg_catalog.pg_namespace s on s.nspname = n.schema
left join pg_catalog.pg_class c on c.relnamespace = s.oid and c.relname = n.name
where c.oid is null or not pg_catalog.has_schema_privilege(r.oid, s.oid, 'USAGE')
  or not (pg_catalog.has_table_privilege(r.oid, c.oid, n.needed) or n.needed <> 'DELETE' and not exists (
    select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and not pg_catalog.has_column_privilege(r.oid, c.oid, a.attnum, case n.needed when 'DELETE' then 'SELECT' else n.needed end)))`;

/**
 * Rights that the rules need and that are not there, as sentences for the operator. Without this, a source would start and then
 * answer `denied` to what its rules allow.
 */
export async function lackingRights(
  connection: Connection,
  input: Pick<RoleSqlInput, "role" | "schemas" | "catalog" | "plan" | "writable">,
  timeoutMs: number,
): Promise<string[]> {
  const needed = neededRights(input);
  const lists = (["role", "schema", "table", "right"] as const).map((key) => arrayText(needed.map((one) => one[key])));
  const found = await rowsOf(connection.run, LACKING, lists, timeoutMs);
  return found.map(([role, schema, table, right]) =>
    right === "SELECT"
      ? `${role} may not read all of ${schema}.${table}, which the rules need`
      : `${role} may not ${right} ${schema}.${table}, which the rules allow`,
  );
}

function neededRights(input: Pick<RoleSqlInput, "role" | "schemas" | "catalog" | "plan" | "writable">): Needed[] {
  const all = input.plan.variants
    // Without rules, what the role may read is what there is.
    .filter(({ rules }) => rules.tables !== undefined)
    .flatMap((variant) =>
      tablesOf(input, variant).flatMap(({ relation, rules }) => {
        const { name } = variant;
        const isBehindView = name !== undefined && isRestricted(rules);
        // A view of the database itself is never written through: see roleSql.
        const isWritten = input.writable && (isBehindView || !relation.isView);
        const writes = isWritten ? rules.write.map((kind) => kind.toUpperCase() as Right) : [];
        const rights: readonly Right[] = ["SELECT", ...writes];
        const on = (role: string, schema: string): Needed[] =>
          rights.map((right) => ({ role, schema, table: relation.name, right }));
        if (!isBehindView) return on(name ?? input.role, relation.schema);
        const hashes = Object.values(rules.masks).some(({ as }) => as === "hash");
        const key: Needed = { role: VIEW_OWNER, schema: KEY_SCHEMA, table: "mask_key", right: "SELECT" };
        return [...on(name, name), ...on(VIEW_OWNER, relation.schema), ...(hashes ? [key] : [])];
      }),
    );
  return [...new Map(all.map((one) => [Object.values(one).join("\0"), one])).values()];
}
