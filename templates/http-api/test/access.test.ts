import assert from "node:assert/strict";
import { test } from "node:test";
import { openSession } from "./support/session.ts";
import { ORDER, openJson, WRITER } from "./support/upstream.ts";

const ARGS = { item: "Chair", quantity: 4, key: "3f9c2b7a" };
const CASES = [
  ["the flag", [], WRITER],
  ["a role that the policy lets write", ["--allow-write"], { ...WRITER, local: {} }],
  ["the scope", ["--allow-write"], { ...WRITER, local: { ...WRITER.local, scopes: ["orders:read"] } }],
] as const;

for (const [what, flags, access] of CASES) {
  test(`without ${what} nothing is written, and the tool for it is not there`, async (t) => {
    const { baseUrl, seen } = await openJson(t, ORDER, 201);
    const session = await openSession(t, { flags, config: { api: { baseUrl }, ...access } });
    assert.deepEqual(await session.toolNames(), ["get_order"]);
    await assert.rejects(session.call("create_order", ARGS));
    assert.deepEqual(seen, []);
    assert.deepEqual((await session.call("get_order", { id: "A-1" })).structuredContent, ORDER);
  });
}
