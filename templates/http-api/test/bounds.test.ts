import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ORDER, openOrders, openUpstream } from "./support/upstream.ts";

const json = (to: ServerResponse, more = {}) => to.writeHead(200, { "content-type": "application/json", ...more });
const bomb = gzipSync(Buffer.alloc(5_000_000, " "));

const CASES: readonly (readonly [what: string, code: string, answer: (to: ServerResponse) => unknown])[] = [
  ["too large", "too_large", (to) => json(to).end(`"${"x".repeat(100_000)}"`)],
  ["endless", "too_large", (to) => endless(json(to))],
  ["a decompression bomb", "too_large", (to) => json(to, { "content-encoding": "gzip" }).end(bomb)],
  ["of another type", "unavailable", (to) => json(to, { "content-type": "text/html" }).end(JSON.stringify(ORDER))],
  ["no JSON", "unavailable", (to) => json(to).end("<html>")],
  ["another thing", "unavailable", (to) => json(to).end('{"id":"A-1","item":{"$ne":1}}')],
  ["cut short", "unavailable", (to) => json(to, { "content-length": 99 }).write("{}", () => to.destroy())],
  ["never there", "timeout", () => undefined],
  ["never finished", "timeout", (to) => json(to).write("{")],
];

function endless(to: ServerResponse): void {
  to.write("[".repeat(10_000), (error) => error ?? endless(to));
}

for (const [what, code, answer] of CASES) {
  test(`an answer that is ${what} ends as ${code}`, { timeout: 5000 }, async (t) => {
    const { baseUrl } = await openUpstream(t, (_, to) => answer(to));
    const read = openOrders(t, { baseUrl, maxBytes: 50_000, timeoutMs: 500 });
    await assert.rejects(read(), { name: "CallError", code });
  });
}

test("a call that is cancelled lets go of the API", { timeout: 5000 }, async (t) => {
  const caller = new AbortController();
  let isGone: Promise<unknown> | undefined;
  const { baseUrl } = await openUpstream(t, (request) => {
    isGone = once(request.socket, "close");
    caller.abort();
  });
  await assert.rejects(openOrders(t, { baseUrl })("A-1", caller.signal), { code: "cancelled" });
  await isGone;
});
