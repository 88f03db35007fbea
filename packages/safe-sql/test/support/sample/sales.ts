import { canary } from "./canaries.ts";
import { DAYS, timestamp } from "./dates.ts";
import type { SampleTable } from "./tables.ts";
import { CURRENCIES, METHODS, STATUSES, TENANTS } from "./words.ts";

/** Orders of another tenant are filtered out. */
const orders: SampleTable = {
  name: "orders",
  sqlite: `create table orders(id integer primary key, customer_id integer not null references customers(id), tenant text not null,
    status text not null, total_cents integer not null, currency text not null, note text, ordered_at text not null)`,
  postgres: `create table orders(id integer primary key, customer_id integer not null references customers(id), tenant text not null,
    status text not null, total_cents integer not null, currency text not null, note text, ordered_at timestamp not null)`,
  columns: ["id", "customer_id", "tenant", "status", "total_cents", "currency", "note", "ordered_at"],
  *rows({ orders: count, customers }, random) {
    for (let id = 1; id <= count; id++) {
      const tenant = TENANTS[Math.max(0, random.int(6) - 3)] as string;
      const note = tenant === "acme" ? (random.oneIn(5) ? "leave at the door" : null) : canary("order", id);
      // The square makes some customers come back often, as they do.
      const customer = 1 + Math.floor((random.int(10_000) / 10_000) ** 2 * customers);
      const day = Math.floor((id / count) * (DAYS - 1));
      const [status, cents] = [random.pick(STATUSES), 500 + random.int(300_000)];
      yield [id, customer, tenant, status, cents, random.pick(CURRENCIES), note, timestamp(day, random.int(86_400))];
    }
  },
};

const orderItems: SampleTable = {
  name: "order_items",
  sqlite: `create table order_items(order_id integer not null references orders(id), line_no integer not null,
    product_id integer not null references products(id), quantity integer not null, unit_cents integer not null,
    discount_pct integer not null, primary key(order_id, line_no)) without rowid`,
  postgres: `create table order_items(order_id integer not null, line_no integer not null, product_id integer not null,
    quantity integer not null, unit_cents integer not null, discount_pct integer not null, primary key(order_id, line_no))`,
  columns: ["order_id", "line_no", "product_id", "quantity", "unit_cents", "discount_pct"],
  *rows({ orders: count, products }, random) {
    for (let order = 1; order <= count; order++) {
      const lines = 1 + random.int(5);
      for (let line = 1; line <= lines; line++) {
        const discount = random.oneIn(4) ? 5 * (1 + random.int(6)) : 0;
        yield [order, line, 1 + random.int(products), 1 + random.int(4), 500 + random.int(50_000), discount];
      }
    }
  },
};

/** `card_number` is denied, `iban` is masked. */
const payments: SampleTable = {
  name: "payments",
  sqlite: `create table payments(id integer primary key, order_id integer not null references orders(id), method text not null,
    amount_cents integer not null, iban text, card_number text, paid_at text not null)`,
  postgres: `create table payments(id integer primary key, order_id integer not null, method text not null,
    amount_cents integer not null, iban text, card_number text, paid_at timestamp not null)`,
  columns: ["id", "order_id", "method", "amount_cents", "iban", "card_number", "paid_at"],
  *rows({ orders: count }, random) {
    for (let id = 1; id <= count * 0.9; id++) {
      const [method, order] = [random.pick(METHODS), 1 + random.int(count)];
      const iban = method === "transfer" ? `DE${canary("iban", id)}${10 + random.int(89)}` : null;
      const card = method === "card" ? canary("card", id) : null;
      const at = timestamp(Math.floor((order / count) * (DAYS - 1)), random.int(86_400));
      yield [id, order, method, 500 + random.int(300_000), iban, card, at];
    }
  },
};

export const SALES: readonly SampleTable[] = [orders, orderItems, payments];
