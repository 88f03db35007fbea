import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, openShop, rowsOf } from "./support/shop.ts";

const ORDER = { customer: 1, item: "lamp", quantity: 1 };

for (const client of ["new", "old"] as const) {
  test(`the ${client} generation of clients asks for orders, and what their tables are`, async (t) => {
    const session = await openShop(t, { client });
    assert.deepEqual(await session.toolNames(), ["query_orders"]);
    const sql = "select item, quantity from orders where status = ?1 order by item";
    assert.deepEqual(await rowsOf(session, sql, ["open"]), [
      ["chair", 4],
      ["desk", 1],
    ]);
    const { columns } = JSON.parse(await session.readResource("shop://tables/customers"));
    assert.deepEqual(columns.at(-1), { name: "email", type: "text", nullable: false, masked: "hash" });
  });
}

for (const [what, options] of [
  ["without --allow-write", { roles: ["writer"] }],
  ["without the role that the policy asks for", { flags: ["--allow-write"] }],
  [
    "without the scope that the tool asks for",
    { roles: ["writer"], scopes: ["orders:read"], flags: ["--allow-write"] },
  ],
] as const) {
  test(`${what} the tool that writes is not there`, async (t) => {
    const session = await openShop(t, options);
    assert.deepEqual(await session.toolNames(), ["query_orders"]);
    await assert.rejects(session.call("add_order", ORDER), /There is no such tool/);
    assert.deepEqual(await rowsOf(session, "select count(*) from orders"), [[4]]);
  });
}

test("a writer with --allow-write, who is support as well", async (t) => {
  const session = await openShop(t, { roles: ["writer", "support"], flags: ["--allow-write"] });

  await t.test("is refused, in words of ours, what does not fit", async () => {
    for (const [wrong, code] of [
      [{ customer: 99 }, "conflict"],
      [{ customer: "1 or 1=1" }, "invalid_input"],
      [{ quantity: 0 }, "invalid_input"],
      [{ item: "x".repeat(101) }, "invalid_input"],
      [{ status: "sent" }, "invalid_input"],
    ] as const) {
      const answer = await session.call("add_order", { ...ORDER, ...wrong });
      assert.equal(codeOf(answer), code, JSON.stringify(wrong));
      assert.doesNotMatch(JSON.stringify(answer), /SQLITE|FOREIGN KEY|insert into|shop\.db/i);
    }
    assert.deepEqual(await rowsOf(session, "select count(*) from orders"), [[4]]);
  });

  await t.test("adds an order whose values never become SQL", async () => {
    const item = "x', 1); drop table orders; --";
    assert.deepEqual((await session.call("add_order", { ...ORDER, item })).structuredContent, { id: 5 });
    assert.deepEqual(await rowsOf(session, "select item, status from orders where id = 5"), [[item, "open"]]);
  });

  await t.test("sees the addresses that the rule shows to support", async () => {
    assert.deepEqual(await rowsOf(session, "select email from customers where id = 1"), [["ada@example.com"]]);
  });

  await t.test("changes nothing by the tool that reads", async () => {
    for (const sql of ["delete from orders", "insert into orders (customer, item, quantity) values (1, 'x', 1)"]) {
      assert.equal(codeOf(await session.call("query_orders", { sql })), "denied");
    }
  });
});
