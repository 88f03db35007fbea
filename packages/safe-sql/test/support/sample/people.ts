import { canary } from "./canaries.ts";
import { date, timestamp } from "./dates.ts";
import { EMPLOYEES, type SampleTable, SECRETS } from "./tables.ts";
import { CITIES, COUNTRIES, DEPARTMENTS, FIRST, LAST, TIERS } from "./words.ts";

/** `ssn` is denied; `email`, `phone` and `notes` are masked. */
const customers: SampleTable = {
  name: "customers",
  sqlite: `create table customers(id integer primary key, name text not null, email text not null unique, phone text, country text not null,
    city text not null, tier text not null, birth_date text, credit_limit integer, ssn text not null, notes text,
    referred_by integer references customers(id), created_at text not null)`,
  postgres: `create table customers(id integer primary key, name text not null, email text not null unique, phone text, country text not null,
    city text not null, tier text not null, birth_date date, credit_limit integer, ssn text not null, notes text,
    referred_by integer, created_at timestamp not null)`,
  columns: "id name email phone country city tier birth_date credit_limit ssn notes referred_by created_at".split(" "),
  *rows({ customers: count }, random) {
    for (let id = 1; id <= count; id++) {
      const place = random.int(COUNTRIES.length);
      yield [
        id,
        `${random.pick(FIRST)} ${random.pick(LAST)}`,
        `u${id}.${canary("mail", id)}@example.org`,
        random.oneIn(10) ? null : `+${10 + random.int(89)} ${canary("phone", id)} ${10 + random.int(89)}`,
        COUNTRIES[place] as string,
        CITIES[place] as string,
        TIERS[Math.min(3, random.int(7))] as string,
        random.oneIn(6) ? null : `${1940 + random.int(65)}-${10 + random.int(3)}-${10 + random.int(18)}`,
        random.oneIn(4) ? null : random.int(100) * 1000,
        canary("ssn", id),
        random.oneIn(2) ? null : `prefers mail, ${canary("notes", id)}`,
        id > 10 && random.oneIn(5) ? 1 + random.int(id - 1) : null,
        timestamp(random.int(1000), random.int(86_400)),
      ];
    }
  },
};

const addresses: SampleTable = {
  name: "addresses",
  sqlite: `create table addresses(id integer primary key, customer_id integer not null references customers(id), kind text not null,
    street text not null, city text not null, country text not null, lat real not null, lon real not null)`,
  postgres: `create table addresses(id integer primary key, customer_id integer not null references customers(id), kind text not null,
    street text not null, city text not null, country text not null, lat double precision not null, lon double precision not null)`,
  columns: ["id", "customer_id", "kind", "street", "city", "country", "lat", "lon"],
  *rows({ customers: count }, random) {
    for (let id = 1; id <= count * 1.25; id++) {
      const place = random.int(COUNTRIES.length);
      const street = `${1 + random.int(200)} ${random.pick(LAST)} Street`;
      const [lat, lon] = [36 + random.int(24_000) / 1000, -9 + random.int(33_000) / 1000];
      yield [
        id,
        1 + random.int(count),
        random.oneIn(3) ? "billing" : "shipping",
        street,
        CITIES[place]!,
        COUNTRIES[place]!,
        lat,
        lon,
      ];
    }
  },
};

/** `password_hash` is not among the columns that may be read; `salary` is masked. */
const employees: SampleTable = {
  name: "employees",
  sqlite: `create table employees(id integer primary key, manager_id integer references employees(id), name text not null, title text not null,
    department text not null, salary integer not null, password_hash text not null, hired_on text not null)`,
  postgres: `create table employees(id integer primary key, manager_id integer references employees(id), name text not null, title text not null,
    department text not null, salary integer not null, password_hash text not null, hired_on date not null)`,
  columns: ["id", "manager_id", "name", "title", "department", "salary", "password_hash", "hired_on"],
  *rows(_size, random) {
    for (let id = 1; id <= EMPLOYEES; id++) {
      const title = id === 1 ? "chief" : id <= 8 ? "head" : id <= 40 ? "lead" : "member";
      const manager = id === 1 ? null : id <= 8 ? 1 : id <= 40 ? 2 + random.int(7) : 9 + random.int(32);
      const name = `${random.pick(FIRST)} ${random.pick(LAST)}`;
      // Five digits that nothing else in the sample has.
      yield [
        id,
        manager,
        name,
        title,
        random.pick(DEPARTMENTS),
        770_000 + id * 7,
        canary("hash", id),
        date(random.int(1300)),
      ];
    }
  },
};

/** A table that no rule names. */
const secrets: SampleTable = {
  name: "secrets",
  sqlite: "create table secrets(id integer primary key, name text not null, value text not null)",
  postgres: "create table secrets(id integer primary key, name text not null, value text not null)",
  columns: ["id", "name", "value"],
  *rows() {
    for (let id = 1; id <= SECRETS; id++) yield [id, canary("name", id), canary("value", id)];
  },
};

export const PEOPLE: readonly SampleTable[] = [customers, addresses, employees, secrets];
