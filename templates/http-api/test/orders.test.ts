import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleApi } from "../sample/api.ts";
import { openSession } from "./support/session.ts";
import { listen, ORDER, WRITER } from "./support/upstream.ts";

for (const client of ["new", "old"] as const) {
  test(`the ${client} generation of clients reads an order and creates one`, async (t) => {
    const baseUrl = await listen(t, sampleApi());
    const session = await openSession(t, { client, flags: ["--allow-write"], config: { api: { baseUrl }, ...WRITER } });
    assert.deepEqual(await session.toolNames(), ["get_order", "create_order"]);
    assert.deepEqual((await session.call("get_order", { id: "A-1" })).structuredContent, ORDER);
    assert.match(await session.readResource("order://A-1"), /"item":"Lamp"/);

    const create = () => session.call("create_order", { item: "Chair", quantity: 4, key: "3f9c2b7a" });
    const [first, again] = [await create(), await create()];
    assert.equal(first.structuredContent?.["item"], "Chair");
    assert.deepEqual(again.structuredContent, first.structuredContent, "a repeated call made a second order");
  });
}
