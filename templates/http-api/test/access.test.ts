import assert from "node:assert/strict";
import { test } from "node:test";
import { startHttp } from "@hardened-mcp/server/testing";
import { sampleApi } from "../sample/api.ts";
import { ORDER, openUpstream } from "./support/upstream.ts";

const ARGS = { item: "Chair", quantity: 4, key: "3f9c2b7a" };
const scopes = ["orders:read", "orders:write"];

test("who may create an order, once --allow-write is given", async (t) => {
  const api = sampleApi();
  let status: number | undefined = 0;
  const { baseUrl, seen } = await openUpstream(t, (request, response) => {
    if (status === 0) api.emit("request", request, response);
    else
      request
        .resume()
        .on("end", () => (status === undefined ? request.socket.destroy() : response.writeHead(status).end()));
  });
  const callers = {
    writer: { roles: ["writer"], scopes },
    "without-role": { scopes },
    "without-scope": { roles: ["writer"], scopes: ["orders:read"] },
  };
  // It names no policy: the project's holds even so.
  const config = { api: { baseUrl } };
  const as = await startHttp(t, { config, flags: ["--allow-write"], callers });

  for (const caller of ["without-role", "without-scope"] as const) {
    await t.test(`for a caller ${caller} the tool that creates is not there`, async () => {
      const session = await as(caller);
      assert.deepEqual(await session.toolNames(), ["get_order"]);
      await assert.rejects(session.call("create_order", ARGS), /no such tool/);
      assert.deepEqual(seen, []);
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
      assert.match(first.content[0]?.text ?? "", /<untrusted-data-\w+>\n.*Chair/);
      assert.deepEqual(again.structuredContent, first.structuredContent, "a repeated call made a second order");
    });
  }

  const MAYBE = /It may have been carried out: .*"retryable":false/;
  const OUTCOMES: readonly (readonly [what: string, status: number | undefined, says: RegExp])[] = [
    ["broke off", undefined, MAYBE],
    ["ended in a failure of the API", 500, MAYBE],
    ["ended in another answer than an order", 200, MAYBE],
    ["was refused", 422, /Nothing was done\./],
  ];
  for (const [what, answered, says] of OUTCOMES) {
    await t.test(`a write that ${what} is not sent again, and a repeat has the same key`, async () => {
      status = answered;
      const session = await as("writer");
      const before = seen.length;
      assert.match(JSON.stringify((await session.call("create_order", ARGS)).structuredContent), says);
      assert.equal(seen.length, before + 1);
      await session.call("create_order", ARGS);
      const [first, again] = seen.slice(before).map(({ headers }) => headers["idempotency-key"]);
      assert.equal(first, again);
      assert.match(String(first), /^[0-9a-f]{64}$/);
    });
  }
});
