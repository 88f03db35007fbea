import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleApi } from "../sample/api.ts";
import { openStdio, startHttp } from "./support/session.ts";
import { listen, ORDER, openJson } from "./support/upstream.ts";

const ARGS = { item: "Chair", quantity: 4, key: "3f9c2b7a" };
const scopes = ["orders:read", "orders:write"];

test("who may create an order, once --allow-write is given", async (t) => {
  const api = sampleApi();
  const posts: (string | undefined)[] = [];
  api.on("request", ({ method, url }) => method === "POST" && posts.push(url));
  const as = await startHttp(t, {
    config: { api: { baseUrl: await listen(t, api) }, policy: "policy" },
    flags: ["--allow-write"],
    callers: {
      writer: { roles: ["writer"], scopes },
      "without-role": { scopes },
      "without-scope": { roles: ["writer"], scopes: ["orders:read"] },
    },
  });

  for (const caller of ["without-role", "without-scope"] as const) {
    await t.test(`for a caller ${caller} the tool that creates is not there`, async () => {
      const session = await as(caller);
      assert.deepEqual(await session.toolNames(), ["get_order"]);
      await assert.rejects(session.call("create_order", ARGS), /no such tool/);
      assert.deepEqual(posts, []);
      assert.deepEqual((await session.call("get_order", { id: "A-1" })).structuredContent, ORDER);
    });
  }

  for (const generation of ["new", "old"] as const) {
    await t.test(`a writer with a client of the ${generation} generation reads an order, and creates one`, async () => {
      const session = await as("writer", generation);
      assert.deepEqual(await session.toolNames(), ["get_order", "create_order"]);
      assert.deepEqual((await session.call("get_order", { id: "A-1" })).structuredContent, ORDER);
      assert.match(await session.readResource("order://A-1"), /"item":"Lamp"/);

      const create = () => session.call("create_order", { ...ARGS, key: `key-of-${generation}` });
      const [first, again] = [await create(), await create()];
      assert.equal(first.structuredContent?.["item"], "Chair");
      assert.deepEqual(again.structuredContent, first.structuredContent, "a repeated call made a second order");
    });
  }
});

test("without --allow-write the tool that creates is not there", async (t) => {
  const { baseUrl, seen } = await openJson(t, ORDER, 201);
  const config = { api: { baseUrl }, policy: "policy", local: { roles: ["writer"] } };
  const session = await openStdio(t, { config });
  assert.deepEqual(await session.toolNames(), ["get_order"]);
  await assert.rejects(session.call("create_order", ARGS), /no such tool/);
  assert.deepEqual(seen, []);
});
