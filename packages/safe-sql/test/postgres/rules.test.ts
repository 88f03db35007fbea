import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SqlSource } from "../../src/index.ts";
import { openPostgres } from "../../src/postgres/index.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { CALLER, CANARY, openRight, SAMPLE, SAMPLE_RULES } from "./support/sample.ts";

let server: TestPostgres;
let source: SqlSource;

beforeAll(async () => {
  server = await startPostgres();
  await server.admin(SAMPLE);
  source = await openRight(server, { rules: SAMPLE_RULES });
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

/** Ways to read a masked column, and rows of another tenant. */
const PROBES = [
  "select * from customers",
  "select c from customers c",
  "select row_to_json(c) from customers c",
  "select email from customers union all select name from customers",
  "select string_agg(email, ',') from customers",
  "select min(email), max(email) from customers",
  `select count(*) from customers where email like '${CANARY}%'`,
  "select x from (select email as x from customers) s",
  "with e as (select email as x from customers) select x from e",
  "select (select email from customers limit 1)",
  "select array(select email from customers)",
  "select a.email from customers a join customers b on a.email = b.email",
  "select email from customers group by email having email like 'canary%' or true",
  "select first_value(email) over (order by email) from customers",
  "select jsonb_object_agg(id, email) from customers",
  "select substring(email for 12), upper(email), email || '' from customers",
  "select xmlforest(email) from customers",
  "select format('%s', c) from customers c",
];

describe("masks and filters", () => {
  it.each(PROBES)("keeps the masked value out of: %s", async (sql) => {
    const page = await source.query({ sql, caller: CALLER });
    expect(JSON.stringify(page.rows)).not.toContain(CANARY);
    if (sql.startsWith("select count")) expect(page.rows).toEqual([[0]]);
  });

  it("shows only rows of the caller's tenant, and none without one", async () => {
    const sql = "select count(*), min(tenant), max(tenant) from customers";
    expect((await source.query({ sql, caller: CALLER })).rows).toEqual([[100, "north", "north"]]);
    expect((await source.query({ sql, caller: { ...CALLER, tenant: "south" } })).rows).toEqual([
      [100, "south", "south"],
    ]);
    expect((await source.query({ sql, caller: { roles: [], subject: "x" } })).rows).toEqual([[0, null, null]]);
    expect((await source.query({ sql, caller: { ...CALLER, roles: ["auditor"] } })).rows[0]?.[0]).toBe(200);
  });

  it("keeps callers apart that ask at the same time, over the same connections", async () => {
    const callers = [
      { caller: CALLER, expected: ["north", "north", 100] },
      { caller: { ...CALLER, tenant: "south" }, expected: ["south", "south", 100] },
      { caller: { ...CALLER, roles: ["auditor"] }, expected: ["north", "south", 200] },
      { caller: { ...CALLER, tenant: "south", roles: ["support"] }, expected: ["south", "south", 100] },
      { caller: { roles: [], subject: "x" }, expected: [null, null, 0] },
    ];
    const sql = "select min(tenant), max(tenant), count(*) from customers";
    const asked = Array.from({ length: 300 }, (_, index) => callers[index % callers.length]!);
    const pages = await Promise.all(asked.map(({ caller }) => source.query({ sql, caller })));
    for (const [index, { rows }] of pages.entries()) expect(rows).toEqual([asked[index]!.expected]);
  });

  it("does not run a caller's condition on rows that the filter leaves out", async () => {
    // Customer 1 is of the other tenant: a division by zero on it would tell that it is there.
    const sql = "select id from customers where 1 / (id - 1) > 5";
    expect((await source.query({ sql, caller: CALLER })).rows).toEqual([]);
    await expect(source.query({ sql, caller: { ...CALLER, tenant: "south" } })).rejects.toMatchObject({
      code: "failed",
      hint: "Division by zero.",
    });
  });

  it("lifts a mask for a role that it names, and nothing else with it", async () => {
    const caller = { ...CALLER, roles: ["support"] };
    const { columns, rows } = await source.query({ sql: "select * from customers order by id limit 1", caller });
    expect(columns.map(({ name }) => name)).toEqual(["id", "name", "email", "tenant", "since"]);
    expect(rows[0]?.slice(0, 4)).toEqual([2, "N*****", `${CANARY}-2@example.org`, "north"]);
    await expect(source.query({ sql: "select phone from customers", caller })).rejects.toMatchObject({
      code: "unknown_name",
    });
  });

  it("gives a digest that is equal for equal values, by HMAC under the key in the database", async () => {
    const { rows } = await source.query({ sql: "select email from customers where id = 2", caller: CALLER });
    const pads = (await server.admin("select inner_pad, outer_pad from hardened_mcp_key.mask_key")).rows[0];
    // A key of HMAC is mixed with the pads of RFC 2104; ours are drawn as they are, so the same is done by hand.
    const { createHash } = await import("node:crypto");
    const inner = createHash("sha256").update(pads.inner_pad).update(`${CANARY}-2@example.org`).digest();
    expect(rows[0]?.[0]).toBe(createHash("sha256").update(pads.outer_pad).update(inner).digest("hex").slice(0, 32));
    const withoutKey = createHmac("sha256", "").update(`${CANARY}-2@example.org`).digest("hex");
    expect(withoutKey).not.toContain(rows[0]?.[0]);
  });

  it.each([
    ["a denied column", "select phone from customers"],
    ["a denied column in a condition", "select id from customers where phone like '+49%'"],
    ["a denied column in an order", "select id from customers order by phone"],
    ["a denied column in a join", "select 1 from orders o join customers c on c.phone = o.note"],
    ["a denied column in an aggregate", "select max(phone) from customers"],
    ["the table behind the view", "select * from public.customers"],
    ["a view over a restricted table", "select * from customer_emails"],
    ["a table that the rules do not name", "select * from secrets"],
  ])("refuses %s", async (_, sql) => {
    await expect(source.query({ sql, caller: CALLER })).rejects.toMatchObject({ code: "unknown_name" });
  });

  it.each([
    ["select * from odrers", "odrers; did you mean orders?"],
    ["select amuont from orders", "amuont, at character 8; did you mean amount?"],
    ["select o.nte from orders o", "o.nte, at character 8; did you mean note?"],
    ["select * from secrts", "secrts"],
    ["select phones from customers", "phones, at character 8"],
  ])("names the nearest that the caller may read: %s", async (sql, hint) => {
    await expect(source.query({ sql, caller: CALLER })).rejects.toMatchObject({ code: "unknown_name", hint });
  });

  it("does not say more of an unknown column than the caller's own word", async () => {
    const error = await source.query({ sql: "select phon from customers", caller: CALLER }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "unknown_name", hint: "phon, at character 8" });
  });
});

describe("what is told of tables", () => {
  it("lists what the caller may read", async () => {
    const names = async (roles: string[]): Promise<string[]> =>
      (await source.listTables({ ...CALLER, roles })).map(({ name }) => name);
    expect(await names([])).toEqual(["customers", "orders"]);
  });

  it("describes a restricted table without what is hidden", async () => {
    const table = await source.describeTable("customers", CALLER);
    expect(table.columns.map(({ name, masked }) => [name, masked])).toEqual([
      ["id", undefined],
      ["name", "partial"],
      ["email", "hash"],
      ["tenant", undefined],
      ["since", undefined],
    ]);
    expect(table).toMatchObject({ filtered: true, kind: "table", comment: "People who buy", primaryKey: ["id"] });
    expect(table.estimatedRows).toBeUndefined();
    expect((await source.describeTable("orders", CALLER)).foreignKeys).toEqual([
      { columns: ["customer_id"], references: "customers", to: ["id"] },
    ]);
  });

  it.each([
    "secrets",
    "customer_emails",
    "public.customers",
    "public.orders",
    "ORDERS",
    "pg_class",
    "x'; drop table orders; --",
    "constructor",
  ])("knows no table %s", async (name) => {
    await expect(source.describeTable(name, CALLER)).rejects.toMatchObject({ code: "unknown_name" });
    await expect(source.sampleRows(name, { caller: CALLER })).rejects.toMatchObject({ code: "unknown_name" });
  });

  it("names the nearest table that the caller may see", async () => {
    for (const name of ["public.orders", "ORDERS", "odrers"])
      await expect(source.describeTable(name, CALLER)).rejects.toMatchObject({ hint: "Did you mean orders?" });
    await expect(source.describeTable("secrts", CALLER)).rejects.toMatchObject({ hint: undefined });
  });

  it("explains a statement without telling of the view behind a name", async () => {
    const { plan, estimatedRows } = await source.explain({
      sql: "select * from customers where email = 'x'",
      caller: CALLER,
    });
    expect(plan.join("\n")).not.toMatch(/tenant|hardened|mask_key|sha256|phone/);
    expect(estimatedRows).toBeUndefined();
  });
});

describe("rules at start", () => {
  it.each([
    [
      "a table that there is not",
      { tables: { custmers: {} } },
      "rules: there is no table custmers; the nearest is customers",
    ],
    [
      "a column that there is not",
      { tables: { customers: { deny: ["emai"] } } },
      "rules: customers has no column emai; the nearest is email",
    ],
    [
      "a filter of two conditions",
      { tables: { customers: { filter: "true) union select (1" } } },
      "rules: the filter of customers is not one condition",
    ],
    [
      "an identity that there is not",
      { tables: { customers: { filter: "tenant = identity('org')" } } },
      /identity that is none of/,
    ],
    [
      "a table named twice",
      { tables: { customers: {}, "public.customers": {} } },
      "rules: public.customers is named twice",
    ],
  ])("refuses %s", async (_, rules, hint) => {
    await expect(openPostgres({ url: server.urlOf("reader"), rules })).rejects.toMatchObject({
      code: "invalid_option",
      hint: typeof hint === "string" ? hint : expect.stringMatching(hint),
    });
  });

  it("refuses a schema that there is not", async () => {
    await expect(openPostgres({ url: server.urlOf("reader"), schemas: ["public", "publik"] })).rejects.toMatchObject({
      code: "invalid_option",
      hint: "schemas: there is no schema publik",
    });
  });

  it("refuses views that were changed after they were made", async () => {
    const { rows } = await server.admin(
      "select n.nspname from pg_namespace n where n.nspname like 'hardened\\_mcp\\_%' and n.nspname <> 'hardened_mcp_key' limit 1",
    );
    const name = `${rows[0].nspname}.customers`;
    const before = (await server.admin(`select pg_get_viewdef('${name}'::regclass) as sql`)).rows[0].sql as string;
    await server.admin(
      `create or replace view ${name} with (security_barrier) as ${before.replace(/WHERE[\s\S]*;/, "")}`,
    );
    await expect(openPostgres({ url: server.urlOf("reader"), rules: SAMPLE_RULES })).rejects.toMatchObject({
      code: "unsafe_role",
      cause: { findings: [`${name} is not what it was when it was made`] },
    });
    await server.admin(`create or replace view ${name} with (security_barrier) as ${before}`);
    await (await openPostgres({ url: server.urlOf("reader"), rules: SAMPLE_RULES })).close();
  });
});

describe("row-level security", () => {
  it("holds behind the views, and knows the caller", async () => {
    await server.admin(`
      create table notes (id int primary key, owner text, body text);
      insert into notes values (1, 'someone', 'mine'), (2, 'other', 'theirs');
      alter table notes enable row level security;
      create policy own on notes using (owner = current_setting('hardened_mcp.subject', true));
      create role noter login password 'password'`);
    for (const rules of [{ tables: { notes: {} } }, { tables: { notes: { mask: { owner: "null" as const } } } }]) {
      const notes = await openRight(server, { url: server.urlOf("noter"), rules });
      expect((await notes.query({ sql: "select body from notes", caller: CALLER })).rows).toEqual([["mine"]]);
      await notes.close();
    }
  });
});

it("does not give out through a parent or a partitioned table what is masked in one that inherits from it", async () => {
  await server.admin(`
    create table people (id int, secret text);
    create table vips (level int) inherits (people);
    insert into vips values (2, '${CANARY}', 9);
    create table events (id int, secret text) partition by range (id);
    create table events_low partition of events for values from (0) to (100);
    insert into events values (1, '${CANARY}');
    create view everyone as select * from people;
    create role heir login password 'password';
  `);
  const one = await openRight(server, {
    url: server.urlOf("heir"),
    rules: {
      tables: {
        people: {},
        everyone: {},
        vips: { deny: ["secret"] },
        events: {},
        events_low: { mask: { secret: "null" } },
      },
    },
  });
  try {
    for (const name of ["people", "everyone", "events"])
      await expect(one.query({ sql: `select * from ${name}`, caller: CALLER })).rejects.toMatchObject({
        code: "unknown_name",
      });
    expect((await one.listTables(CALLER)).map(({ name }) => name)).toEqual(["events_low", "vips"]);
    expect((await one.query({ sql: "select * from events_low", caller: CALLER })).rows).toEqual([[1, null]]);
  } finally {
    await one.close();
  }
});
