import { expect, it } from "vitest";
import { ANYONE, CANARY, fileOf, open } from "./support.ts";

it("lists what may be read, with its kind and size", async () => {
  const source = await open();
  expect(await source.listTables(ANYONE)).toEqual([
    { name: "customers", kind: "table", estimatedRows: 3 },
    { name: "emails", kind: "view" },
    { name: "names", kind: "view" },
    { name: "notes", kind: "virtual", estimatedRows: 2 },
    { name: "orders", kind: "table", estimatedRows: 3 },
    { name: "pay", kind: "view" },
    { name: "salaries", kind: "table", estimatedRows: 1 },
  ]);
});

it("describes columns, keys and indexes", async () => {
  const source = await open();
  expect(await source.describeTable("orders", ANYONE)).toEqual({
    name: "orders",
    kind: "table",
    estimatedRows: 3,
    columns: [
      { name: "id", type: "integer", declared: "INTEGER", nullable: true },
      { name: "customer_id", type: "integer", declared: "INT", nullable: true },
      { name: "total", type: "float", declared: "REAL", nullable: true },
      { name: "placed", type: "date", declared: "date", nullable: true },
    ],
    primaryKey: ["id"],
    foreignKeys: [{ columns: ["customer_id"], references: "customers", to: ["id"] }],
    indexes: [],
    filtered: false,
  });
});

it("names nothing that a rule denies, and no default of what it masks", async () => {
  const file = fileOf(`
    create table people (id integer primary key, mail text default '${CANARY}' unique, phone text default '${CANARY}', age int default 3,
      domain text generated always as (substr(mail, 3)));
    create index by_phone on people (phone, age);
    create index by_age on people (age);
    create index by_any on people (upper(phone));
    create index by_part on people (age) where phone = '${CANARY}';
    create table visits (id integer primary key, mail text references people (mail), person int references people);
  `);
  const source = await open({
    file,
    rules: { tables: { people: { deny: ["phone"], mask: { mail: "hash" } }, visits: { deny: ["mail"] } } },
  });
  const people = await source.describeTable("people", ANYONE);
  expect(JSON.stringify(people)).not.toMatch(new RegExp(`${CANARY}|phone|by_any|by_part|domain`));
  expect(people.columns.map(({ name, masked, default: value }) => [name, masked, value])).toEqual([
    ["id", undefined, undefined],
    ["mail", "hash", undefined],
    ["age", undefined, "3"],
  ]);
  expect(people.indexes.map(({ name }) => name)).toContain("by_age");
  const visits = await source.describeTable("visits", ANYONE);
  expect(visits.foreignKeys).toEqual([{ columns: ["person"], references: "people", to: ["id"] }]);
});

it("knows a table by one spelling only, since policies compare it", async () => {
  const source = await open();
  const unknown = { code: "unknown_name", hint: "Did you mean orders?" };
  await expect(source.describeTable("ORDERS", ANYONE)).rejects.toMatchObject(unknown);
  await expect(source.sampleRows("Orders", { caller: ANYONE })).rejects.toMatchObject(unknown);
});
