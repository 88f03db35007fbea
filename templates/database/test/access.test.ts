import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, startHttp, tempFolder } from "@hardened-mcp/server/testing";
import { rowsOf, shopConfig } from "./support/shop.ts";

const ORDER = { customer: 1, item: "lamp", quantity: 1 };
const scopes = ["orders:read", "orders:write"];

test("who may read and write what, once --allow-write is given", async (t) => {
  const folder = tempFolder(t);
  const callers = {
    writer: { roles: ["writer", "support"], scopes },
    "without-role": { scopes },
    "without-scope": { roles: ["writer"], scopes: ["orders:read"] },
  };
  const as = await startHttp(t, { folder, config: shopConfig(folder), flags: ["--allow-write"], callers });

  for (const caller of ["without-role", "without-scope"] as const) {
    await t.test(`for a caller ${caller} the tool that writes is not there`, async () => {
      const session = await as(caller);
      assert.deepEqual(await session.toolNames(), ["query_orders"]);
      await assert.rejects(session.call("add_order", ORDER), /There is no such tool/);
      assert.deepEqual(await rowsOf(session, "select count(*) from orders"), [[4]]);
    });
  }

  for (const generation of ["new", "old"] as const) {
    await t.test(`a client of the ${generation} generation asks for orders, and what their tables are`, async () => {
      const session = await as("without-role", generation);
      const sql = "select item, quantity from orders where status = ?1 order by item";
      assert.deepEqual(await rowsOf(session, sql, ["open"]), [
        ["chair", 4],
        ["desk", 1],
      ]);
      const { columns } = JSON.parse(await session.readResource("shop://tables/customers"));
      assert.deepEqual(columns.at(-1), { name: "email", type: "text", nullable: false, masked: "hash" });
    });
  }

  const session = await as("writer");

  await t.test("a writer is refused, in words of ours, what does not fit", async () => {
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

  await t.test("a writer adds an order whose values never become SQL", async () => {
    const item = "x', 1); drop table orders; --";
    assert.deepEqual((await session.call("add_order", { ...ORDER, item })).structuredContent, { id: 5 });
    assert.deepEqual(await rowsOf(session, "select item, status from orders where id = 5"), [[item, "open"]]);
  });

  await t.test("support sees the addresses that the rule shows to support", async () => {
    assert.deepEqual(await rowsOf(session, "select email from customers where id = 1"), [["ada@example.com"]]);
  });

  await t.test("a writer changes nothing by the tool that reads", async () => {
    for (const sql of ["delete from orders", "insert into orders (customer, item, quantity) values (1, 'x', 1)"]) {
      assert.equal(codeOf(await session.call("query_orders", { sql })), "denied");
    }
  });
});
