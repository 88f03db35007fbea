import { expect, it } from "vitest";
import { ANYONE, ask, open, refusal } from "./support.ts";

// SQLite tells of an error twice: when it happens, and when the statement is made ready to run again. A statement that was kept told
// the next caller who sent it of a failure that was not his.

it("a statement that failed on one value answers the next", async () => {
  const source = await open({ processes: 1 });
  const sql = "select json_extract(?1, '$.a') from orders limit 1";
  expect(await refusal(ask(source, sql, ["{no json"]))).toMatchObject({ code: "failed" });
  expect((await ask(source, sql, ['{"a": 7}'])).rows).toEqual([[7]]);
});

it.each(["", " returning id"])(
  "a change that broke a constraint is made with values that do not%s",
  async (returning) => {
    const source = await open({ writable: true });
    const sql = `insert into orders (customer_id) values (?1)${returning}`;
    const add = (customer: number) => source.execute({ sql, params: [customer], caller: ANYONE });
    expect(await refusal(add(99))).toMatchObject({ code: "constraint" });
    expect((await add(1)).changedRows).toBe(1);
  },
);
