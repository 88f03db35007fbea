import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceRules } from "../../src/index.ts";
import { openPostgres, postgresRoleSql, roleReportOf } from "../../src/postgres/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, SAMPLE, SAMPLE_RULES } from "./support/sample.ts";

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
  await server.admin(
    "create sequence s; create function admin_only() returns int language sql security definer as 'select 1'",
  );
});
afterAll(() => server?.stop());

const PLAIN: SourceRules = { tables: { orders: { write: ["insert"] } } };

/** What makes a role dangerous, and the word that the operator is told. */
const DANGERS: readonly (readonly [sql: string, finding: RegExp])[] = [
  ["alter role $ superuser", /is SUPERUSER/],
  ["alter role $ createrole", /is CREATEROLE/],
  ["alter role $ createdb", /is CREATEDB/],
  ["alter role $ bypassrls", /is BYPASSRLS/],
  ["alter role $ replication", /is REPLICATION/],
  ["grant pg_read_server_files to $", /member of pg_read_server_files/],
  ["grant pg_write_server_files to $", /member of pg_write_server_files/],
  ["grant pg_execute_server_program to $", /member of pg_execute_server_program/],
  ["grant pg_read_all_data to $", /member of pg_read_all_data/],
  ["grant pg_write_all_data to $", /member of pg_write_all_data/],
  ["grant pg_monitor to $", /member of pg_monitor/],
  ["grant pg_signal_backend to $", /member of pg_signal_backend/],
  ["grant pg_maintain to $", /member of pg_maintain/],
  [
    "create role middle; grant pg_read_server_files to middle; grant middle to $ with inherit false",
    /member of middle/,
  ],
  ["grant insert on orders to $", /may INSERT public.orders/],
  ["grant update (amount) on orders to $", /may UPDATE public.orders/],
  ["grant delete on orders to public", /may DELETE public.orders/],
  ["grant truncate on orders to $", /may TRUNCATE public.orders/],
  ["grant maintain on orders to $", /may MAINTAIN public.orders/],
  ["grant usage, update on sequence s to $", /may UPDATE public.s/],
  ["grant create on schema public to $", /may create in schema public/],
  ["grant create on database postgres to $", /may create schemas/],
  ["alter table secrets owner to $", /owns public.secrets/],
  ["grant execute on function pg_read_file(text) to $", /may call pg_catalog.pg_read_file\(text\)/],
  ["grant execute on function admin_only() to $", /may call public.admin_only\(\)/],
  ["grant select on pg_catalog.pg_statistic to $", /may read pg_catalog.pg_statistic/],
  ["grant select (rolpassword) on pg_catalog.pg_authid to $", /may read pg_catalog.pg_authid/],
  ["create schema private; create table private.t (a int); grant select on private.t to $", /may read private.t/],
];

describe("a role that may do too much", () => {
  it.each(DANGERS)("is refused after: %s, and right after the SQL that is printed", async (danger, finding) => {
    await server.admin("drop owned by dangerous; drop role dangerous").catch(() => {});
    await server.admin(
      "create role dangerous login password 'password'; grant select on orders, customers, secrets to dangerous",
    );
    await server.admin(danger.replaceAll("$", "dangerous"));
    const options = { url: server.urlOf("dangerous") };
    const error = await openPostgres(options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unsafe_role", hint: undefined });
    expect((error as Error).message).not.toMatch(/dangerous|orders/);
    const report = roleReportOf(error);
    expect(report?.findings.join("\n")).toMatch(finding);
    await server.admin("alter table secrets owner to postgres");
    await server.admin(report?.sql ?? "");
    const source = await openPostgres(options);
    expect((await source.listTables(CALLER)).map(({ name }) => name)).toContain("orders");
    await source.close();
    await server.admin("drop schema if exists private cascade; drop role if exists middle");
    await server.admin("revoke all on orders from public");
  });
});

describe("with rules", () => {
  it("takes a role that holds exactly what they say, and its SQL can be run twice", async () => {
    const options = { url: server.urlOf("reader"), rules: SAMPLE_RULES };
    const report = roleReportOf(await openPostgres(options).catch((reason: unknown) => reason));
    await server.admin(report?.sql ?? "");
    await server.admin(report?.sql ?? "");
    await (await openPostgres(options)).close();
  });

  it.each([
    [
      "the login role may read a table itself",
      "grant select on secrets to reader",
      "revoke select on secrets from reader",
    ],
    ["everyone may", "grant select on secrets to public", "revoke select on secrets from public"],
    ["a column is enough", "grant select (word) on secrets to reader", "revoke select (word) on secrets from reader"],
  ])("refuses where %s", async (_, danger, undo) => {
    await server.admin(danger);
    const error = await openPostgres({ url: server.urlOf("reader"), rules: SAMPLE_RULES }).catch(
      (reason: unknown) => reason,
    );
    expect(roleReportOf(error)?.findings.join("\n")).toContain("may read public.secrets");
    await server.admin(undo);
  });

  /** A right that the rules need, taken away: from the role, from one of a variant, from the owner of the views. */
  const LACKS: readonly (readonly [string, SourceRules, string, RegExp])[] = [
    ["a table", PLAIN, "revoke select on orders from lacking", /lacking may not read all of public.orders/],
    [
      "a column",
      PLAIN,
      "revoke select on orders from lacking; grant select (id) on orders to lacking",
      /may not read all of public.orders/,
    ],
    ["its schema", PLAIN, "revoke usage on schema public from public, lacking", /may not read all of public.orders/],
    ["a write", PLAIN, "revoke insert on orders from lacking", /may not INSERT public.orders, which the rules allow/],
    [
      "a table of a variant",
      SAMPLE_RULES,
      "revoke select on orders from VARIANT",
      /hardened_mcp_\w+ may not read all of public.orders/,
    ],
    [
      "a view of a variant",
      SAMPLE_RULES,
      "revoke select on VARIANT.customers from VARIANT",
      /may not read all of hardened_mcp_\w+.customers/,
    ],
    [
      "what stands behind a view",
      SAMPLE_RULES,
      "revoke select on customers from hardened_mcp_owner",
      /hardened_mcp_owner may not read all of public.customers/,
    ],
    [
      "the key of masks",
      SAMPLE_RULES,
      "revoke select on hardened_mcp_key.mask_key from hardened_mcp_owner",
      /may not read all of hardened_mcp_key.mask_key/,
    ],
  ];

  it.each(LACKS)(
    "refuses where the role lacks %s, and prints the SQL that gives it",
    async (_, rules, taken, finding) => {
      await server.admin("drop owned by lacking; drop role lacking").catch(() => {});
      await server.admin("create role lacking login password 'password'");
      const options = { url: server.urlOf("lacking"), rules, writable: true };
      await server.admin(await postgresRoleSql(options));
      await (await openPostgres(options)).close();
      const [variant] = (
        await server.admin(
          "select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles r on r.oid = m.member where r.rolname = 'lacking' order by 1",
        )
      ).rows.map(({ rolname }) => String(rolname));
      await server.admin(taken.replaceAll("VARIANT", variant ?? ""));
      const error = await openPostgres(options).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "unsafe_role", hint: undefined });
      const report = roleReportOf(error);
      expect(report?.findings.join("\n")).toMatch(finding);
      await server.admin("grant usage on schema public to public");
      await server.admin(report?.sql ?? "");
      const source = await openPostgres(options);
      expect((await source.query({ sql: "select id from orders where id = 1", caller: CALLER })).rows).toEqual([[1]]);
      await source.close();
    },
  );

  it("is right without writes on a view, which its SQL does not give", async () => {
    await server.admin("drop owned by lacking; drop role lacking; create role lacking login password 'password'");
    const tables = { customer_emails: { write: ["insert" as const] }, customers: {} };
    const options = { url: server.urlOf("lacking"), rules: { tables }, writable: true };
    await server.admin(await postgresRoleSql(options));
    await (await openPostgres(options)).close();
  });

  it("is made right by what can be printed before anything is refused", async () => {
    await server.admin("create role fresh login password 'password'");
    const options = { url: server.urlOf("fresh"), rules: SAMPLE_RULES, limits: { timeoutMs: 5000 } };
    await server.admin(await postgresRoleSql(options));
    await (await openPostgres(options)).close();
  });

  it("prints SQL in which a name is only a name", async () => {
    const name = `x$hm$'; "drop"; -- $hm_$`;
    await server.admin(
      `create table "${name.replaceAll('"', '""')}" (id serial primary key, "a'$hm$""b" text); create role quoted login password 'password'`,
    );
    const options = {
      url: server.urlOf("quoted"),
      writable: true,
      rules: { tables: { [name]: { mask: { [`a'$hm$"b`]: "hash" as const }, write: ["insert" as const] } } },
    };
    await server.admin(await postgresRoleSql(options));
    const source = await openPostgres(options);
    expect((await source.sampleRows(name, { caller: CALLER })).columns).toHaveLength(2);
    await source.close();
  });

  it("prints no password, and none of the connection", async () => {
    const error = await openPostgres({ url: server.url }).catch((reason: unknown) => reason);
    const text = JSON.stringify(roleReportOf(error));
    expect(text).not.toMatch(/127\.0\.0\.1|password'|:password/);
  });
});
