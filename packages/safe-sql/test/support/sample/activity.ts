import { canary } from "./canaries.ts";
import { DAYS, date, timestamp } from "./dates.ts";
import type { SampleTable } from "./tables.ts";
import { COLOURS, KINDS, NOUNS, OPINIONS } from "./words.ts";

const events: SampleTable = {
  name: "events",
  sqlite: `create table events(id integer primary key, customer_id integer not null, session_id integer not null, kind text not null,
    payload text not null, at text not null)`,
  postgres: `create table events(id integer primary key, customer_id integer not null, session_id integer not null, kind text not null,
    payload jsonb not null, at timestamp not null)`,
  columns: ["id", "customer_id", "session_id", "kind", "payload", "at"],
  *rows({ events: count, customers, products }, random) {
    for (let id = 1; id <= count; id++) {
      const kind = KINDS[Math.min(random.int(7), random.int(7))] as (typeof KINDS)[number];
      const payload =
        kind === "search"
          ? `{"q":"${random.pick(COLOURS)} ${random.pick(NOUNS)}","hits":${random.int(40)}}`
          : kind === "visit"
            ? `{"page":"/","device":{"os":"${random.oneIn(2) ? "ios" : "linux"}","w":${640 + random.int(1300)}}}`
            : `{"product":${1 + random.int(products)},"qty":${1 + random.int(3)},"ab":["a${random.int(2)}","b${random.int(3)}"]}`;
      const session = Math.floor(id / 6);
      yield [
        id,
        1 + ((session * 7919) % customers),
        session,
        kind,
        payload,
        timestamp(Math.floor((id / count) * (DAYS - 1)), random.int(86_400)),
      ];
    }
  },
};

const reviews: SampleTable = {
  name: "reviews",
  sqlite: `create table reviews(id integer primary key, product_id integer not null references products(id), customer_id integer not null,
    stars integer not null check (stars between 1 and 5), title text not null, body text not null, reviewed_on text not null)`,
  postgres: `create table reviews(id integer primary key, product_id integer not null references products(id), customer_id integer not null,
    stars integer not null check (stars between 1 and 5), title text not null, body text not null, reviewed_on date not null,
    search tsvector generated always as (to_tsvector('english', title || ' ' || body)) stored)`,
  columns: ["id", "product_id", "customer_id", "stars", "title", "body", "reviewed_on"],
  *rows({ reviews: count, products, customers }, random) {
    for (let id = 1; id <= count; id++) {
      const [title, body] = [
        random.pick(OPINIONS),
        `${random.pick(OPINIONS)}, ${random.pick(OPINIONS)}; my ${random.pick(NOUNS)}`,
      ];
      yield [
        id,
        1 + random.int(products),
        1 + random.int(customers),
        1 + random.int(5),
        title,
        body,
        date(random.int(DAYS)),
      ];
    }
  },
};

/** Internal tickets are filtered out; the text of one is not JSON and not a number, which an error would tell. */
const tickets: SampleTable = {
  name: "tickets",
  sqlite: `create table tickets(id integer primary key, customer_id integer not null, subject text not null, body text not null,
    weight integer not null, internal integer not null, opened_at text not null)`,
  postgres: `create table tickets(id integer primary key, customer_id integer not null, subject text not null, body text not null,
    weight integer not null, internal integer not null, opened_at timestamp not null)`,
  columns: ["id", "customer_id", "subject", "body", "weight", "internal", "opened_at"],
  *rows({ tickets: count, customers }, random) {
    for (let id = 1; id <= count; id++) {
      const internal = random.oneIn(4) ? 1 : 0;
      const subject = internal ? canary("subject", id) : `question ${id}`;
      const body = internal ? canary("body", id) : `{"text":"where is order ${1 + random.int(1000)}?"}`;
      const at = timestamp(random.int(DAYS), random.int(86_400));
      yield [id, 1 + random.int(customers), subject, body, internal ? 0 : 1 + random.int(9), internal, at];
    }
  },
};

export const ACTIVITY: readonly SampleTable[] = [events, reviews, tickets];
