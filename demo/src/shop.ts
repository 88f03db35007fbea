import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A real database to serve: who may read what of it stands in the configuration, and beside it lies one that nobody may read. */
export interface DemoShop {
  readonly config: string;
  readonly other: string;
  readonly audit: string;
}

const RULES = {
  customers: { mask: { email: "hash", phone: { as: "partial", keepLast: 2 } }, deny: ["notes"] },
  orders: { write: ["insert", "update", "delete"] },
};

const QUERIES = {
  orders_of: {
    sql: "select id, total, placed from orders where customer_id = ?1 order by id",
    description: "Orders of one customer.",
    params: { customer: { type: "integer", min: 1 } },
  },
};

export function makeShop(base: string): DemoShop {
  const folder = join(base, "shop");
  mkdirSync(folder, { mode: 0o700 });
  const [file, other, policy] = [join(folder, "shop.db"), join(folder, "payroll.db"), join(folder, "shop.cedar")];
  fill(file);
  new DatabaseSync(other).exec("create table pay(name, amount)");
  writeFileSync(
    policy,
    'permit (principal, action in Action::"read", resource);\npermit (principal, action in Action::"write", resource);\n',
  );
  const config = join(folder, "shop.json");
  writeFileSync(
    config,
    JSON.stringify({
      sources: { shop: { type: "sqlite", file, rules: { tables: RULES }, limits: { timeoutMs: 500 } } },
      queries: QUERIES,
      policy,
      markUntrusted: false,
    }),
  );
  return { config, other, audit: join(base, "shop-audit") };
}

function fill(file: string): void {
  using database = new DatabaseSync(file);
  database.exec(`
    create table customers(id integer primary key, name text, email text, phone text, notes text);
    create table orders(id integer primary key, customer_id integer references customers(id), total real, placed text);
    create table salaries(name text, amount integer);
    insert into salaries values ('Ann', 90000);
    insert into customers select value, 'customer ' || value, 'c' || value || '@example.com', '555-01' || (10 + value), 'call after six'
      from json_each('[1,2,3,4,5]');
    insert into orders select n, 1 + n % 5, round(n * 1.7, 2), date('2026-01-01', '+' || (n % 300) || ' days')
      from (with recursive c(n) as (select 1 union all select n + 1 from c where n < 20000) select n from c);
  `);
}
