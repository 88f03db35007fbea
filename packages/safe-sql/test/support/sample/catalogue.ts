import { date } from "./dates.ts";
import { CATEGORIES, type SampleTable } from "./tables.ts";
import { COLOURS, NOUNS, WAREHOUSES } from "./words.ts";

/** What is sold: nothing here is restricted. */
const categories: SampleTable = {
  name: "categories",
  sqlite:
    "create table categories(id integer primary key, parent_id integer references categories(id), name text not null, slug text not null unique)",
  postgres:
    "create table categories(id integer primary key, parent_id integer references categories(id), name text not null, slug text not null unique)",
  columns: ["id", "parent_id", "name", "slug"],
  *rows() {
    // A tree of three levels: 4 roots, 4 under each, the rest below those.
    for (let id = 1; id <= CATEGORIES; id++) {
      const parent = id <= 4 ? null : id <= 20 ? ((id - 5) >> 2) + 1 : 5 + ((id - 21) % 16);
      yield [id, parent, `Category ${id}`, `category-${id}`];
    }
  },
};

const products: SampleTable = {
  name: "products",
  sqlite: `create table products(id integer primary key, category_id integer not null references categories(id), sku text not null unique,
    name text not null, price_cents integer not null, cost_cents integer not null, weight_grams integer, active integer not null,
    attributes text not null, created_on text not null, margin_cents integer generated always as (price_cents - cost_cents) virtual)`,
  postgres: `create table products(id integer primary key, category_id integer not null references categories(id), sku text not null unique,
    name text not null, price_cents integer not null, cost_cents integer not null, weight_grams integer, active integer not null,
    attributes jsonb not null, created_on date not null, margin_cents integer generated always as (price_cents - cost_cents) stored)`,
  columns: [
    "id",
    "category_id",
    "sku",
    "name",
    "price_cents",
    "cost_cents",
    "weight_grams",
    "active",
    "attributes",
    "created_on",
  ],
  *rows({ products: count }, random) {
    for (let id = 1; id <= count; id++) {
      const [colour, noun, price] = [random.pick(COLOURS), random.pick(NOUNS), 500 + random.int(50_000)];
      const attributes = {
        colour,
        size: { w: 1 + random.int(200), h: 1 + random.int(200) },
        tags: [noun, colour, `t${random.int(20)}`],
        ...(random.oneIn(3) ? { warranty: 12 * (1 + random.int(5)) } : {}),
      };
      yield [
        id,
        5 + random.int(CATEGORIES - 4),
        `SKU-${String(id).padStart(6, "0")}`,
        `${colour} ${noun} ${id}`,
        price,
        Math.floor(price * (0.4 + random.int(50) / 100)),
        random.oneIn(8) ? null : 50 + random.int(20_000),
        random.oneIn(10) ? 0 : 1,
        JSON.stringify(attributes),
        date(random.int(700)),
      ];
    }
  },
};

const inventory: SampleTable = {
  name: "inventory",
  sqlite: `create table inventory(product_id integer not null references products(id), warehouse text not null, on_hand integer not null,
    reserved integer not null, counted_on text not null, primary key(product_id, warehouse)) without rowid`,
  postgres: `create table inventory(product_id integer not null references products(id), warehouse text not null, on_hand integer not null,
    reserved integer not null, counted_on date not null, primary key(product_id, warehouse))`,
  columns: ["product_id", "warehouse", "on_hand", "reserved", "counted_on"],
  *rows({ products: count }, random) {
    for (let id = 1; id <= count; id++) {
      for (const warehouse of WAREHOUSES)
        yield [id, warehouse, random.int(300), random.int(40), date(1200 + random.int(200))];
    }
  },
};

export const CATALOGUE: readonly SampleTable[] = [categories, products, inventory];
