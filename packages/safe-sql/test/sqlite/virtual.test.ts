import { expect, it } from "vitest";
import { ask, fileOf, open, refusal, rows } from "./support.ts";

const PLACES = `
  create table shops (id integer primary key, name text);
  insert into shops values (1, 'north'), (2, 'south'), (3, 'west');
  create virtual table places using rtree (id, min_x, max_x);
  insert into places values (1, 0, 1), (2, 5, 6);
  create virtual table pages using fts5 (id, body);
  insert into pages values (1, 'hello'), (3, 'world');
`;

/** SQLite raises no event for `places` in these, so nothing tells that a virtual table is read until it reads its own insides. */
it.each([
  ["select count(*) from shops natural join places", 2],
  ["select count(*) from shops join places using (id)", 2],
  ["select count(*) from shops where id in (select min(a.id) from shops a natural join places)", 1],
  ["select count(*) from shops natural join pages", 2],
  ["select count(*) from shops natural join (select id from pages where pages match 'hello')", 1],
])("answers %s the first time and every time", async (sql, value) => {
  const source = await open({ file: fileOf(PLACES), rules: { tables: { shops: {}, places: {}, pages: {} } } });
  for (let time = 0; time < 4; time++) {
    expect(await rows(source, sql)).toEqual([[value]]);
  }
});

it("shows what a virtual table keeps inside to nobody, before it is read and after", async () => {
  const source = await open({ file: fileOf(PLACES) });
  for (let time = 0; time < 2; time++) {
    for (const inside of ["places_node", "places_rowid", "pages_data", "pages_content", "main.places_node"]) {
      for (const sql of [`select * from ${inside}`, `select count(*) from shops natural join ${inside}`]) {
        expect((await refusal(ask(source, sql))).code, sql).toBe("unknown_name");
      }
    }
    expect(await rows(source, "select count(*) from shops natural join places natural join pages")).toEqual([[1]]);
  }
});
