import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { openApi } from "../src/api.ts";
import { order } from "../src/order.ts";
import { apiConfig, ORDER, openUpstream } from "./support/upstream.ts";

const JSON_TYPE = { "content-type": "application/json" };
const CASES: readonly (readonly [what: string, code: string, RequestListener])[] = [
  ["too large", "too_large", (_, to) => to.writeHead(200, JSON_TYPE).end(`"${"x".repeat(100_000)}"`)],
  ["endless", "too_large", (_, to) => void endless(to.writeHead(200, JSON_TYPE))],
  [
    "a decompression bomb",
    "too_large",
    (_, to) =>
      to.writeHead(200, { ...JSON_TYPE, "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(5_000_000, " "))),
  ],
  [
    "of another type",
    "unavailable",
    (_, to) => to.writeHead(200, { "content-type": "text/html" }).end(JSON.stringify(ORDER)),
  ],
  ["no JSON", "unavailable", (_, to) => to.writeHead(200, JSON_TYPE).end("<html>")],
  ["another thing", "unavailable", (_, to) => to.writeHead(200, JSON_TYPE).end('{"id":"A-1","item":{"$ne":1}}')],
  [
    "cut short",
    "unavailable",
    (_, to) => to.writeHead(200, { ...JSON_TYPE, "content-length": 99 }).write("{}", () => to.destroy()),
  ],
  ["never there", "timeout", () => undefined],
  ["never finished", "timeout", (_, to) => to.writeHead(200, JSON_TYPE).write("{")],
];

function endless(to: NodeJS.WritableStream): void {
  const more = () => to.write("[".repeat(10_000), (error) => error ?? more());
  more();
}

for (const [what, code, listener] of CASES) {
  test(`an answer that is ${what} ends as ${code}`, { timeout: 5000 }, async (t) => {
    const { baseUrl } = await openUpstream(t, listener);
    const api = openApi(apiConfig({ baseUrl, maxBytes: 50_000, timeoutMs: 500 }), { token: undefined });
    t.after(() => api.close());
    const { signal } = new AbortController();
    await assert.rejects(api.ask({ path: ["orders", "A-1"], answer: order }, { signal }), { name: "CallError", code });
  });
}

test("a call that is cancelled lets go of the API", { timeout: 5000 }, async (t) => {
  const caller = new AbortController();
  let isGone: Promise<unknown> | undefined;
  const { baseUrl } = await openUpstream(t, (request) => {
    isGone = once(request.socket, "close");
    caller.abort();
  });
  const api = openApi(apiConfig({ baseUrl }), { token: undefined });
  t.after(() => api.close());
  await assert.rejects(api.ask({ path: ["orders"], body: {}, answer: order }, caller), { code: "cancelled" });
  await isGone;
});
