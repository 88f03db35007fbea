import type { SourceRules, TableRules } from "../../../src/rules/rules.ts";
import type { Caller } from "../../../src/source.ts";

/** Who asks in every test of the corpora. */
export const CALLER: Caller = { roles: [], subject: "u-1", issuer: "https://issuer.example", tenant: "acme" };

const TABLES: Readonly<Record<string, TableRules>> = {
  categories: {},
  products: {},
  inventory: {},
  customers: {
    deny: ["ssn"],
    mask: { email: "hash", phone: { as: "partial", keepLast: 2 }, notes: "null" },
  },
  addresses: {},
  employees: {
    columns: ["id", "manager_id", "name", "title", "department", "salary", "hired_on"],
    mask: { salary: "null" },
  },
  orders: { filter: "tenant = identity('tenant')" },
  order_items: {},
  payments: { deny: ["card_number"], mask: { iban: { as: "partial", keepFirst: 2, keepLast: 2 } } },
  events: {},
  reviews: {},
  tickets: { filter: "internal = 0" },
  active_products: {},
  product_revenue: {},
};

/** One table of each kind of rule, tables and views without any, and `secrets`, `customer_secrets` and `notes_fts` left out. */
export const POSTGRES_RULES: SourceRules = { tables: TABLES };
export const SQLITE_RULES: SourceRules = { tables: { ...TABLES, reviews_fts: {}, places: {} } };
