import { describe, expect, it } from "vitest";
import { ANYONE, ask, CANARY, refusal, rows, SHOP, shared } from "./support.ts";

/** Views of the file that read what no event tells of: SQLite raises none for a column that USING, NATURAL or a FULL JOIN matches. */
const VIEWS = `
  create view full_email as select email from (select 1 as email) full join customers using (email);
  create view full_person as select person from (select 1 as person) full join salaries using (person);
  create view natural_pay as select o.id from orders o, (select '${CANARY}' as person) natural join salaries;
  create view through as select * from full_email;
  create view plain_name as select name from customers;
  create view plain_order as select o.id, c.name from orders o join customers c on c.id = o.customer_id;
  create view open_using as select id from orders join (select 1 as id) using (id);
`;
const named = ["full_email", "full_person", "natural_pay", "through", "plain_name", "plain_order", "open_using"];

const source = shared(SHOP + VIEWS, {
  rules: {
    tables: { orders: {}, customers: { deny: ["email"] }, ...Object.fromEntries(named.map((name) => [name, {}])) },
  },
});

describe("a view of the file", () => {
  it.each(["full_email", "full_person", "natural_pay", "through"])("cannot carry what is hidden: %s", async (name) => {
    expect((await refusal(ask(source(), `select * from ${name}`))).code).toBe("unknown_name");
    expect((await source().listTables(ANYONE)).map((one) => one.name)).not.toContain(name);
  });

  it.each(["plain_name", "plain_order", "open_using"])(
    "stays readable where it reads what may be read: %s",
    async (name) => {
      expect((await ask(source(), `select * from ${name}`)).rows.length).toBeGreaterThan(0);
    },
  );
});

const wide = shared(SHOP);

it("gives no answer whose names of columns alone are larger than a page", async () => {
  const name = "x".repeat(40_000);
  const sql = `with c as (select 1 as "${name}") select ${"c.*, ".repeat(100)}1 from c`;
  expect((await refusal(ask(wide(), sql))).code).toBe("too_large");
});

const indexed = shared(`${SHOP} create index by_amount on salaries (amount);`, {
  rules: { tables: { salaries: { deny: ["amount"] }, customers: { deny: ["tenant"] } } },
});

it.each(["select count(*) from salaries", "select 1 from customers", "select count(*) from customers"])(
  "tells no index over a denied column in the plan of %s",
  async (sql) => {
    const { plan } = await indexed().explain({ sql, caller: ANYONE });
    expect(plan.join()).not.toMatch(/by_amount|tenant|INDEX/);
  },
);

const folded = shared(
  `create table "ünï" (a); insert into "ünï" values ('open');
   create table "ÜNÏ" (a); insert into "ÜNÏ" values ('${CANARY}');
   create table "\u212aeys" (a); insert into "\u212aeys" values ('${CANARY}');
   create table keys ("é", "É"); insert into keys values ('open', '${CANARY}');`,
  { rules: { tables: { ünï: {}, keys: { deny: ["É"] } } } },
);

it("takes names as the same only where SQLite does: it folds A to Z and no other letter", async () => {
  expect(await rows(folded(), 'select * from "ünï"')).toEqual([["open"]]);
  expect((await refusal(ask(folded(), 'select * from "ÜNÏ"'))).code).toBe("unknown_name");
  expect((await refusal(ask(folded(), 'select * from "\u212aeys"'))).code).toBe("unknown_name");
  expect(await rows(folded(), "select * from KEYS")).toEqual([["open"]]);
});

const sorted = shared(
  `create table people (id integer primary key, name text, ssn text, born text);
   create index by_ssn on people (ssn);
   create table pairs (id integer primary key, ssn text unique);
   create table half (id integer primary key, mail text, born text);
   create index by_mail on half (mail, lower(born));
   with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)
   insert into people select i, 'n' || i, 1000 + i * 37 % 301, '2000' from n;
   insert into pairs select id, ssn from people;
   insert into half select id, ssn, born from people;
   create table named as select * from people; create index named_ssn on named (ssn); create index by_name on named (name);
   analyze;`,
  {
    rules: {
      tables: {
        people: { deny: ["ssn"] },
        named: { deny: ["ssn"] },
        pairs: { deny: ["ssn"] },
        half: { mask: { mail: { as: "partial", keepLast: 1 } } },
      },
    },
  },
);

it.each([
  "select id from people limit 5",
  "select id from people where id > 0 limit 5",
  "select a.id from people a left join people b on a.id = b.id limit 5",
  "select id from pairs limit 5",
  "select id from half limit 5",
])("gives rows in no order of a hidden column: %s", async (sql) => {
  expect(await rows(sorted(), sql)).toEqual([[1], [2], [3], [4], [5]]);
});

it("still searches a table with such an index by its other indexes", async () => {
  const { estimatedCost } = await sorted().explain({ sql: "select id from named where name = 'n7'", caller: ANYONE });
  expect(estimatedCost).toBeLessThan(20);
  expect(await rows(sorted(), "select id from named where name = 'n7'")).toEqual([[7]]);
});
