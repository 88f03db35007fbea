import type { Caller, SourceRules, SqlSource } from "../../../src/index.ts";
import { openPostgres, type PostgresOptions, roleReportOf } from "../../../src/postgres/index.ts";
import type { TestPostgres } from "./postgres.ts";

/** A text that no answer may hold. */
export const CANARY = "canary-7f3a";

export const CALLER: Caller = { roles: [], subject: "someone", tenant: "north" };

export const SAMPLE = `
create table customers (id bigint primary key, name text not null, email text not null, phone text, tenant text not null,
  since date not null default current_date);
comment on table customers is 'People who buy';
insert into customers select i, 'Name ' || i, '${CANARY}-' || i || '@example.org', '+49 30 ' || (1000 + i),
  case when i % 2 = 0 then 'north' else 'south' end, date '2026-01-01' + i from generate_series(1, 200) i;
create table orders (id int primary key, customer_id bigint references customers (id), amount numeric(10, 2), note text,
  tags text[], doc jsonb, at timestamptz not null);
create index orders_by_customer on orders (customer_id);
insert into orders select i, 1 + i % 200, i * 1.25, 'note ' || i, array['a', 'NULL', null], jsonb_build_object('n', i),
  timestamptz '2026-01-01 00:00:00+00' + i * interval '1 hour' from generate_series(1, 2000) i;
create table secrets (id int primary key, word text);
insert into secrets values (1, '${CANARY}');
create view customer_emails as select id, email from customers;
create type order_state as enum ('open', 'closed');
analyze;
create role reader login password 'password';
`;

export const SAMPLE_RULES: SourceRules = {
  tables: {
    orders: {},
    customer_emails: {},
    customers: {
      deny: ["phone"],
      mask: { email: { as: "hash", exceptRoles: ["support"] }, name: { as: "partial", keepFirst: 1 } },
      filter: { where: "tenant = identity('tenant')", exceptRoles: ["auditor"] },
    },
  },
};

/** Opens as `reader`, once the SQL that the refusal prints was run. */
export async function openRight(
  server: TestPostgres,
  options: Omit<PostgresOptions, "url"> & { readonly url?: string } = {},
): Promise<SqlSource> {
  const all = { url: server.urlOf("reader"), ...options };
  try {
    return await openPostgres(all);
  } catch (error) {
    const report = roleReportOf(error);
    if (report === undefined) throw error;
    await server.admin(report.sql);
    return await openPostgres(all);
  }
}
