import { identifier } from "../rules/identifier.ts";

/** A text as SQL takes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Does something for which SQL has no "if it is not there". Names may hold any character: the quotes around are none that it has. */
export function block(body: string, declare = ""): string {
  let tag = "$hm$";
  while (`${declare}${body}`.includes(tag)) tag = tag.replace(/\$$/, "_$");
  return `DO ${tag} ${declare === "" ? "" : `DECLARE ${declare}; `}BEGIN ${body} END; ${tag};`;
}

export function createRole(name: string, kind: "LOGIN" | "NOLOGIN"): string {
  return block(
    `IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(name)}) THEN CREATE ROLE ${identifier(name)} ${kind}; END IF;`,
  );
}

/** Takes the role out of every other that it is a member of. */
export function leaveRoles(name: string): string {
  return block(
    "FOR held IN SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member " +
      `WHERE u.rolname = ${literal(name)} LOOP EXECUTE format('REVOKE %I FROM %I', held, ${literal(name)}); END LOOP;`,
    "held name",
  );
}

/** Notes beside a view what the database made of it, so that a later change of its definition shows at start. */
export function sealView(view: string): string {
  const name = literal(view);
  return block(
    `EXECUTE format('COMMENT ON VIEW %s IS %L', ${name}, 'hardened-mcp ' || md5(pg_get_viewdef(${name}::regclass)));`,
  );
}

/** A column of type serial takes its next value from a sequence, with the rights of who inserts. */
export function grantSequences(table: string, grantee: string): string {
  return block(
    "FOR s IN SELECT d.objid FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' " +
      `WHERE d.refobjid = ${literal(table)}::regclass AND d.deptype = 'a' ` +
      `LOOP EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', s, ${literal(grantee)}); END LOOP;`,
    "s regclass",
  );
}
