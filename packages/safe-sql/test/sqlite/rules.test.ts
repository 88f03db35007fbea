import { describe, expect, it } from "vitest";
import type { SourceRules } from "../../src/rules/rules.ts";
import { ANYONE, ask, CANARY, fileOf, open, refusal, rows, shared } from "./support.ts";

/** `email` in any expression; each is tried where it is denied, null, hashed and partial. */
const READS_EMAIL = [
  "select email from customers",
  "select * from customers",
  "select c.* from customers c",
  "select upper(email) || 'x' from customers",
  "select id from customers order by email",
  `select id from customers where email like '${CANARY}%'`,
  "select max(email), group_concat(email) from customers",
  "select id, first_value(email) over (order by id) from customers",
  "select (select email from customers limit 1)",
  "select name from orders join customers c on c.id = customer_id where instr(c.email, 'ada') > 0",
  "select email from customers union all select name from customers",
  "select name from customers union all select email from customers",
  "with v as (select email from customers) select * from v",
  "with customers as (select email from main.customers) select * from customers",
  "with emails as (select email from main.customers) select * from emails",
  "select email from main.customers",
  `select "email" from "main"."customers"`,
  "select [email] from customers group by 1 having count(*) > 0",
  "select json_group_array(json_object('e', email)) from customers",
  "select * from emails",
  "select email from emails",
  "select count(*) from emails where email is not null",
  "select case when email > 'a' then email end from customers",
  "select * from (select * from customers) where true",
  "select * from customers a, customers b",
  "select id in (select email from customers) from customers",
  "select iif(email is null, 1, abs(-9223372036854775808)) from customers",
  "select json_extract(email, '$') from customers",
];

const VARIANTS: Record<string, SourceRules> = {
  denied: { tables: { customers: { deny: ["email", "note"] }, orders: {}, names: {}, emails: {} } },
  "not listed": { tables: { customers: { columns: ["id", "name"] }, orders: {}, emails: {} } },
  null: { tables: { customers: { mask: { email: "null", note: "null" } }, orders: {}, emails: {} } },
  hash: { tables: { customers: { mask: { email: "hash", note: "hash" } }, orders: {}, emails: {} } },
  partial: {
    tables: {
      customers: { mask: { email: { as: "partial", keepLast: 4 }, note: "null" } },
      orders: {},
      emails: {},
    },
  },
};

const MASKED_PEOPLE: SourceRules = { tables: { customers: { mask: { email: "hash", phone: "partial" } } } };
const peopleOf = (count: number) => `create table customers (id integer primary key, name text, email text, phone text);
  with recursive n(i) as (values (1) union all select i + 1 from n limit ${count})
  insert into customers select i, 'n' || i, i || '@example.org', substr('0000000000', 1, 1 + i % 10) from n`;
const people = shared(peopleOf(400), { rules: { tables: { customers: { mask: { email: "hash", phone: "hash" } } } } });

describe.each(Object.entries(VARIANTS))("a column that is %s", (_, rules) => {
  it("is read by no expression, error, hint or plan", async () => {
    const source = await open({ rules });
    for (const sql of READS_EMAIL) {
      for (const answer of [
        await ask(source, sql).catch((error) => error),
        await source.explain({ sql, caller: ANYONE }).catch((error) => error),
      ]) {
        const text = JSON.stringify([answer, answer.message, answer.hint]);
        expect(text.replace(sql, ""), sql).not.toContain(CANARY);
        expect(text, sql).not.toMatch(/h[0-9a-f]{32}/);
      }
    }
    expect(JSON.stringify(await source.describeTable("customers", ANYONE))).not.toContain(CANARY);
  });

  it("leaves the other columns as they are", async () => {
    const source = await open({ rules });
    expect(await rows(source, "select id, name from customers order by id")).toEqual([
      [1, "Ada"],
      [2, "Bob"],
      [3, "Cy"],
    ]);
  });
});

describe("masks", () => {
  it("look as the rules say", async () => {
    const source = await open({ rules: VARIANTS["partial"]! });
    expect(await rows(source, "select email from customers where id = 1")).toEqual([["***.org"]]);
    const hashed = await open({ rules: VARIANTS["hash"]! });
    const [[digest]] = (await rows(hashed, "select email from customers where id = 1")) as [[string]];
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
    expect(await rows(hashed, "select note from customers where id = 3")).toEqual([[null]]);
  });

  it.each([
    ["select count(*) from customers a join customers b on a.email = b.email", [[400]]],
    ["select count(*) from customers a join customers b on a.phone = b.phone", [[16_000]]],
    [
      "select count(*) from customers a where exists (select 1 from customers b where b.email = a.email and b.id <> a.id)",
      [[0]],
    ],
    [
      "select name, (select count(*) from customers b where b.phone = a.phone) from customers a where id = 7",
      [["n7", 40]],
    ],
    ["select count(*) from (select email, count(*) as n from customers group by email having n = 1)", [[400]]],
  ])("can be compared, also with themselves: %s", async (sql, expected) => {
    expect(await rows(people(), sql)).toEqual(expected);
  });

  it("can be joined by in a table of 40,000 rows", async () => {
    const source = await open({ file: fileOf(peopleOf(40_000)), rules: MASKED_PEOPLE });
    expect(await rows(source, "select count(*) from customers a join customers b on a.email = b.email")).toEqual([
      [40_000],
    ]);
    const grouped = "select count(*), max(n) from (select count(*) as n from customers group by email)";
    expect(await rows(source, grouped)).toEqual([[40_000, 1]]);
    // One row of a table is still found by its key, and not by computing every mask.
    const { plan } = await source.explain({ sql: "select email from customers where id = 5", caller: ANYONE });
    expect(plan).toEqual([expect.stringMatching(/^SEARCH customers/)]);
  });

  it("hash equal values alike in every table and across starts with one key, and keep guesses out", async () => {
    const file = fileOf(
      "create table a (k text, n int); create table b (k text, n real); insert into a values ('x', 5); insert into b values ('x', 5.0)",
    );
    const tables = { a: { mask: { k: "hash", n: "hash" } }, b: { mask: { k: "hash", n: "hash" } } } as const;
    const maskKey = new Uint8Array(32).fill(7);
    const one = await open({ file, rules: { tables }, maskKey });
    const other = await open({ file, rules: { tables }, maskKey });
    expect(await rows(one, "select count(*) from a join b on a.k = b.k and a.n = b.n")).toEqual([[1]]);
    expect(await rows(one, "select k from a")).toEqual(await rows(other, "select k from b"));
    const elsewhere = await open({ file, rules: { tables } });
    expect(await rows(elsewhere, "select k from a")).not.toEqual(await rows(one, "select k from a"));
  });

  it("and denials are lifted for the roles that the rules name, and for no other", async () => {
    const rules: SourceRules = {
      tables: {
        customers: {
          deny: [{ column: "note", exceptRoles: ["dpo"] }],
          mask: { email: { as: "null", exceptRoles: ["support"] } },
          filter: { where: "tenant = identity('tenant')", exceptRoles: ["dpo"] },
        },
        salaries: { roles: ["hr"] },
      },
    };
    const source = await open({ rules });
    const as = (roles: string[], sql: string) => source.query({ sql, caller: { ...ANYONE, roles } });
    expect((await as(["support"], "select email from customers where id = 1")).rows[0]?.[0]).toContain("ada@");
    expect((await as(["x"], "select email from customers where id = 1")).rows).toEqual([[null]]);
    expect((await as(["dpo"], "select count(*), count(note) from customers")).rows).toEqual([[3, 2]]);
    expect(await refusal(as(["support"], "select note from customers"))).toMatchObject({ code: "unknown_name" });
    expect((await as(["hr"], "select amount from salaries")).rows).toEqual([[9000]]);
    expect((await source.listTables(ANYONE)).map((table) => table.name)).toEqual(["customers"]);
  });
});

it("a plan names the indexes of open tables only", async () => {
  const sql = "select count(*) from customers";
  const plan = async (rules: SourceRules) => (await (await open({ rules })).explain({ sql, caller: ANYONE })).plan;
  expect(await plan({})).toEqual(["SCAN customers USING COVERING INDEX customers_tenant"]);
  expect(await plan({ tables: { customers: { deny: ["tenant"] } } })).toEqual(["SCAN customers"]);
  expect(await plan({ tables: { customers: { mask: { tenant: "null" } } } })).toEqual(["SCAN customers"]);
});

describe("a row filter", () => {
  const rules: SourceRules = {
    tables: { customers: { filter: "tenant = identity('tenant')" }, orders: {}, names: {} },
  };

  it("holds in every clause, and follows the caller", async () => {
    const source = await open({ rules });
    expect(await rows(source, "select id from customers order by id")).toEqual([[1], [3]]);
    expect(await rows(source, "select count(*) from customers")).toEqual([[2]]);
    expect(
      await rows(
        source,
        "select count(*) from orders o left join customers c on c.id = o.customer_id where c.id is null",
      ),
    ).toEqual([[1]]);
    const two = await source.query({ sql: "select id from customers", caller: { ...ANYONE, tenant: "2" } });
    expect(two.rows).toEqual([[2]]);
    const none = await source.query({ sql: "select id from customers", caller: { roles: [], subject: "x" } });
    expect(none.rows).toEqual([]);
  });

  it.each([
    "select id from customers where json(note) is not null or true",
    "select id from customers where id <> 2 or abs(-9223372036854775808) > 0",
    "select max(case when name = 'Bob' then abs(-9223372036854775808) end) from customers",
    "select sum(case when note like '%not json%' then 9223372036854775807 * 1 + 1 end) from customers where json_valid(note) or json(note)",
  ])("keeps rows outside from causing an error: %s", async (sql) => {
    // Without a barrier, SQLite runs the caller's condition first and fails on Bob's note, which says that there is a Bob.
    const withoutBob = await open({
      file: fileOf(
        "create table customers (id integer primary key, name text, note text, tenant int); insert into customers values (1,'Ada','1',1), (3,'Cy',null,1)",
      ),
      rules: { tables: { customers: { filter: "tenant = identity('tenant')" } } },
    });
    const withBob = await open({
      file: fileOf(
        "create table customers (id integer primary key, name text, note text, tenant int); insert into customers values (1,'Ada','1',1), (2,'Bob','{not json',2), (3,'Cy',null,1)",
      ),
      rules: { tables: { customers: { filter: "tenant = identity('tenant')" } } },
    });
    expect(await refusal(ask(withBob, sql))).toEqual(await refusal(ask(withoutBob, sql)));
  });

  it("is not walked around by a view of the file, nor told by an estimate", async () => {
    const source = await open({ rules });
    expect(await refusal(ask(source, "select * from names"))).toMatchObject({ code: "unknown_name" });
    expect(await source.describeTable("customers", ANYONE)).toMatchObject({ filtered: true });
    expect(await source.describeTable("customers", ANYONE)).not.toHaveProperty("estimatedRows");
    for (const sql of ["select * from customers", "select count(*) from customers", "select 1 from customers"]) {
      const explained = await source.explain({ sql, caller: ANYONE });
      expect(explained).not.toHaveProperty("estimatedCost");
      expect(explained.reads.map(({ table }) => table)).toEqual(["customers"]);
      expect(JSON.stringify(explained.plan)).not.toMatch(/tenant|INDEX/);
    }
  });
});

describe("what is hidden", () => {
  it("is told from what does not exist by no answer", async () => {
    const source = await open({ rules: { tables: { orders: {} } } });
    for (const sql of [
      "select * from NAME",
      "select nope from NAME",
      "select count(*) from NAME",
      "select 1 in NAME",
      "select rowid from NAME x",
      "select * from NAME indexed by some",
      "select * from NAME('x')",
      "with x as (select * from NAME) select * from x",
      "select 1 where exists (select 1 from NAME)",
      "select NAME.person from orders",
      "insert into NAME values (1)",
      "update NAME set amount = 1",
      "delete from NAME",
      "replace into NAME default values",
      "drop table NAME",
      "drop view NAME",
      "alter table NAME add column x",
      "create table NAME (a)",
      "create temp table NAME (a)",
      "create temp view NAME as select 1",
      "create index i on NAME (person)",
      "create trigger t after insert on NAME begin select 1; end",
      "analyze NAME",
      "reindex NAME",
      "pragma table_info(NAME)",
      "-- x\n/* y */ drop table NAME",
    ]) {
      const of = async (name: string) => {
        const { code, hint } = await refusal(ask(source, sql.replace("NAME", name)));
        return { code, hint: hint?.replace(name, "NAME") };
      };
      expect(await of("salaries"), sql).toEqual(await of("celeries"));
      expect((await of("salaries")).code, sql).not.toBe("answered");
    }
    expect(await refusal(source.describeTable("salaries", ANYONE))).toEqual(
      await refusal(source.describeTable("celeries", ANYONE)),
    );
    expect(await rows(source, "with salaries as (select 1 as x) select count(*) from salaries")).toEqual([[1]]);
  });

  it("is in no view of the file, not even behind a mask", async () => {
    const tables = { pay: { mask: { people: "null" } }, emails: { mask: { email: "hash" } }, orders: {} } as const;
    const source = await open({ rules: { tables } });
    expect((await source.listTables(ANYONE)).map(({ name }) => name)).toEqual(["orders"]);
    for (const sql of ["select * from pay", "select count(*) from emails", "select name from emails"]) {
      expect(await refusal(ask(source, sql))).toMatchObject({ code: "unknown_name" });
    }
  });

  it("is counted by no view of the file", async () => {
    const source = await open({ rules: { tables: { pay: {}, orders: {} } } });
    expect(await refusal(ask(source, "select * from pay"))).toMatchObject({ code: "unknown_name" });
  });
});

describe("rules that name what is not there", () => {
  it.each([
    [{ tables: { custmers: {} } }, "no table custmers; did you mean customers?"],
    [{ tables: { customers: { mask: { emial: "null" } } } }, "no column of customers emial; did you mean email?"],
    [{ tables: { customers: { deny: ["emails"] } } }, "no column of customers emails; did you mean email?"],
    [{ functions: ["load_extension"] }, "the function load_extension can never be allowed"],
    [
      { tables: { orders: { filter: "id > 0" }, customers: { filter: "tenat = 1" } } },
      "the filter of customers does not compile: no such column: tenat",
    ],
    [
      { tables: { customers: { filter: "tenant is not identity('tennant')" } } },
      "the filter of customers asks for an identity that is none of subject, tenant, issuer",
    ],
    [
      { tables: { customers: { filter: "tenant = identity(tenant)" } } },
      "the filter of customers asks for an identity that is none of subject, tenant, issuer",
    ],
    [{ tables: { notes_content: {} } }, undefined],
  ])("stop the start: %j", async (rules, hint) => {
    const found = await refusal(open({ rules: rules as SourceRules }));
    expect(found.code).toBe("invalid_option");
    if (hint !== undefined) {
      expect(found.hint).toBe(hint);
    }
  });
});
