import type { EffectiveTable } from "../../rules/rules.ts";
import type { Catalog, Relation } from "../catalog/catalog.ts";
import { identifier } from "../rules/identifier.ts";
import { isRestricted } from "../rules/restricted.ts";
import { relationOf } from "../rules/variant.ts";
import { viewSql } from "../rules/view-sql.ts";
import { createRole, grantSequences, leaveRoles, sealView } from "./block.ts";
import { KEY_SCHEMA, type PlannedVariant, type RolePlan, VIEW_OWNER } from "./plan.ts";

export interface RoleSqlInput {
  readonly role: string;
  readonly database: string;
  readonly schemas: readonly string[];
  readonly catalog: Catalog;
  readonly plan: RolePlan;
  readonly writable: boolean;
  /** Most connections at once, of one server. */
  readonly poolSize: number;
  /** Bytes. */
  readonly maxTempBytes: number;
  /** `ON FUNCTION schema.name(types)` that the role must lose. */
  readonly revokedFunctions: readonly string[];
  /** `schema.name` of tables that the role, or everyone, must lose. */
  readonly revokedTables: readonly string[];
}

/** Servers that may share one role. */
const SERVERS = 5;

/**
 * SQL that makes the role what the rules say, from whatever it was. It can be run again. Read it before you run it: what is taken from
 * PUBLIC is taken from every role of the database.
 */
export function roleSql(input: RoleSqlInput): string {
  const { role, database, schemas, plan, writable } = input;
  const isPlain = plan.variants.every(({ name }) => name === undefined);
  const name = identifier(role);
  return [
    "-- Run as a superuser in this database. Give the role its password yourself.",
    "BEGIN;",
    "SET LOCAL search_path = pg_catalog;",
    "SET LOCAL standard_conforming_strings = on;",
    createRole(role, "LOGIN"),
    // NOINHERIT: rights of the roles below are had by one of them at a time, set for each transaction.
    `ALTER ROLE ${name} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${input.poolSize * SERVERS};`,
    `ALTER ROLE ${name} SET default_transaction_read_only = on;`,
    `ALTER ROLE ${name} SET temp_file_limit = '${Math.ceil(input.maxTempBytes / 1024)}kB';`,
    leaveRoles(role),
    `REVOKE CREATE ON DATABASE ${identifier(database)} FROM PUBLIC, ${name};`,
    `GRANT CONNECT ON DATABASE ${identifier(database)} TO ${name};`,
    ...schemas.map((schema) => `REVOKE CREATE ON SCHEMA ${identifier(schema)} FROM PUBLIC, ${name};`),
    ...input.revokedTables.map((table) => `REVOKE ALL ON ${table} FROM PUBLIC, ${name};`),
    ...input.revokedFunctions.map((one) => `REVOKE EXECUTE ON FUNCTION ${one} FROM PUBLIC, ${name};`),
    ...schemas.flatMap((schema) => [
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${identifier(schema)} FROM ${name};`,
      `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${identifier(schema)} FROM ${name};`,
    ]),
    ...(isPlain ? grants(input, plan.variants[0] as PlannedVariant, role) : separate(input)),
    "COMMIT;",
    writable ? "-- Changes are allowed where the rules name them." : "-- Nothing can be changed by this role.",
    "",
  ].join("\n");
}

/** A role and a schema for each variant, and the role that owns their views. */
function separate(input: RoleSqlInput): string[] {
  const { plan, role } = input;
  const owner = identifier(VIEW_OWNER);
  return [
    "",
    "-- Owns the views and reads the tables behind them. No superuser and no owner of tables, so that row-level security holds for it.",
    createRole(VIEW_OWNER, "NOLOGIN"),
    `ALTER ROLE ${owner} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;`,
    ...input.schemas.map((schema) => `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${owner};`),
    "-- The key of masks of the kind hash. It is drawn here and leaves the database never; keep the table to keep the digests.",
    `CREATE SCHEMA IF NOT EXISTS ${KEY_SCHEMA};`,
    `CREATE TABLE IF NOT EXISTS ${KEY_SCHEMA}.mask_key (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);`,
    `INSERT INTO ${KEY_SCHEMA}.mask_key SELECT ${random()}, ${random()} WHERE NOT EXISTS (SELECT FROM ${KEY_SCHEMA}.mask_key);`,
    `REVOKE ALL ON SCHEMA ${KEY_SCHEMA} FROM PUBLIC;`,
    `REVOKE ALL ON ${KEY_SCHEMA}.mask_key FROM PUBLIC;`,
    `GRANT USAGE ON SCHEMA ${KEY_SCHEMA} TO ${owner};`,
    `GRANT SELECT ON ${KEY_SCHEMA}.mask_key TO ${owner};`,
    ...plan.variants.flatMap((variant) => variantSql(input, variant, variant.name ?? "", role)),
  ];
}

function variantSql(input: RoleSqlInput, variant: PlannedVariant, name: string, role: string): string[] {
  const [schema, owner] = [identifier(name), identifier(VIEW_OWNER)];
  const restricted = tablesOf(input, variant).filter(({ rules }) => isRestricted(rules));
  return [
    "",
    `-- Callers with ${variant.roles.length === 0 ? "no role" : `the roles ${variant.roles.join(", ").replace(/[\r\n]/g, " ")}`}.`,
    createRole(name, "NOLOGIN"),
    `ALTER ROLE ${schema} NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;`,
    leaveRoles(name),
    `DROP SCHEMA IF EXISTS ${schema} CASCADE;`,
    `CREATE SCHEMA ${schema};`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${schema};`,
    ...restricted.flatMap(({ relation, rules }) => {
      const view = `${schema}.${identifier(relation.name)}`;
      const base = tableName(relation);
      const writes = input.writable ? rules.write.map((kind) => `, ${kind.toUpperCase()}`).join("") : "";
      return [
        `GRANT SELECT${writes} ON ${base} TO ${owner};`,
        // Its filter means what it means where it was written: built-in names first, then the schemas that are served.
        `SET LOCAL search_path = ${["pg_catalog", ...input.schemas].map(identifier).join(", ")};`,
        viewSql(name, relation, rules),
        "SET LOCAL search_path = pg_catalog;",
        `ALTER VIEW ${view} OWNER TO ${owner};`,
        `GRANT SELECT${writes} ON ${view} TO ${schema};`,
        ...(input.writable && rules.write.includes("insert") ? [grantSequences(base, name)] : []),
        sealView(view),
      ];
    }),
    ...input.schemas.map((one) => `REVOKE ALL ON ALL TABLES IN SCHEMA ${identifier(one)} FROM ${schema};`),
    ...grants(input, variant, name),
    `GRANT ${schema} TO ${identifier(role)};`,
  ];
}

/** Rights on tables that nothing is hidden of. */
function grants(input: RoleSqlInput, variant: PlannedVariant, grantee: string): string[] {
  const to = identifier(grantee);
  return [
    ...input.schemas.map((schema) => `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${to};`),
    ...tablesOf(input, variant)
      .filter(({ rules }) => !isRestricted(rules))
      .flatMap(({ relation, rules }) => {
        const table = tableName(relation);
        const writes = input.writable && !relation.isView ? rules.write : [];
        return [
          `GRANT ${["SELECT", ...writes.map((kind) => kind.toUpperCase())].join(", ")} ON ${table} TO ${to};`,
          ...(writes.includes("insert") ? [grantSequences(table, grantee)] : []),
        ];
      }),
  ];
}

const WRITES = ["insert", "update", "delete"] as const;

/** Tables of the variant, without views that read what is restricted in it. */
export function tablesOf(
  { catalog, schemas }: Pick<RoleSqlInput, "catalog" | "schemas">,
  { rules }: PlannedVariant,
): { readonly relation: Relation; readonly rules: EffectiveTable; readonly write: EffectiveTable["write"] }[] {
  const all: EffectiveTable = { columns: undefined, denied: [], masks: {}, filter: undefined, write: WRITES };
  const found =
    rules.tables === undefined
      ? [...catalog.relations.values()]
          .filter(({ schema }) => schemas.includes(schema))
          .map((relation) => ({ relation, rules: all, write: all.write }))
      : [...rules.tables].flatMap(([name, one]) => {
          const relation = relationOf(catalog, schemas, name);
          return relation === undefined ? [] : [{ relation, rules: one, write: one.write }];
        });
  const restricted = new Set(found.filter((one) => isRestricted(one.rules)).map(({ relation }) => relation.oid));
  return found.filter(({ relation }) => !relation.readsFrom.some((oid) => restricted.has(oid)));
}

function tableName({ schema, name }: Relation): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

function random(): string {
  return "sha512(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))";
}
