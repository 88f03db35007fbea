import type { LookupFunction } from "node:net";
import { CallError } from "@hardened-mcp/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusalOf } from "../../src/response/refusal.ts";
import { json, startApi, type TestApi } from "./support/api.ts";
import { ask, failure, type OpenedUpstream, open, send, textOf } from "./support/upstream.ts";

const FAST = { upstream: { retryDelayMs: 1, cache: { enabled: false }, breaker: { failures: 1000 } } } as const;

let api: TestApi;
let upstream: OpenedUpstream;
beforeEach(async () => {
  api = await startApi();
  upstream = open(api.url, FAST);
});
afterEach(async () => {
  await upstream.close();
  await api[Symbol.asyncDispose]();
});

describe("an answer that is somebody else's trouble", () => {
  it.each([429, 502, 503, 504])(
    "%i is asked for again, as often as configured, and then given as it is",
    async (status) => {
      api.handle = (_, response) => json(response, status, { is: "passed on" });
      expect(await ask(upstream, `${api.url}/`)).toEqual([status, '{"is":"passed on"}']);
      expect(api.seen).toHaveLength(3);
    },
  );

  it.each([400, 403, 404, 409, 500, 501])("%i is an answer", async (status) => {
    api.handle = (_, response) => json(response, status, {});
    expect((await ask(upstream, `${api.url}/`))[0]).toBe(status);
    expect(api.seen).toHaveLength(1);
  });

  it("gives way to the next that is good", async () => {
    api.handle = (_, response, at) => (at < 3 ? json(response, 503, {}) : response.end("good"));
    expect(await ask(upstream, `${api.url}/`)).toEqual([200, "good"]);
  });
});

describe("what may be sent twice", () => {
  it.each(["GET", "HEAD", "PUT", "DELETE"] as const)("%s is, after a reset and after a 503", async (method) => {
    api.handle = (_, response, at) => {
      if (at === 1) response.destroy();
      else if (at === 2) json(response, 503, {});
      else response.end();
    };
    expect((await ask(upstream, `${api.url}/`, { method }))[0]).toBe(200);
    expect(api.seen.map((seen) => seen.method)).toEqual([method, method, method]);
  });

  it.each([0, 1, 20])(
    "a body that we break off after %i pieces is not, and its reason is the caller's",
    async (pieces) => {
      let opened = 0;
      const open = async function* () {
        opened++;
        for (let piece = 0; piece < pieces; piece++) yield new Uint8Array(65_536);
        throw new CallError("conflict", "The file changed.", { rule: "request/file_changed" });
      };
      const length = (pieces + 1) * 65_536;
      const error = await failure(
        send(upstream, `${api.url}/`, { method: "PUT", body: { kind: "stream", length, open } }),
      );
      expect(error.cause).toBeInstanceOf(CallError);
      expect(refusalOf(error, { effect: "write" })).toMatchObject({ code: "conflict", message: "The file changed." });
      expect([opened, api.seen.length]).toEqual([1, 0]);
      expect(upstream.health()).toBe("up");
    },
  );

  it("POST is not, whatever comes back: a peer of ours ordered twice", async () => {
    for (const fail of [429, 502, 503, 504]) {
      api.handle = (_, response) => json(response, fail, {});
      expect((await ask(upstream, `${api.url}/orders`, { method: "POST" }))[0]).toBe(fail);
    }
    api.handle = (_, response) => response.destroy();
    const error = await failure(send(upstream, `${api.url}/orders`, { method: "POST" }));
    expect([error.code, error.mayHaveActed, api.seen.length]).toEqual(["broken", true, 5]);
  });

  it("POST is with its idempotency key, which stays the same, and so does the body", async () => {
    api.handle = (_, response, at) => (at === 1 ? response.destroy() : response.end("once"));
    const asked = {
      method: "POST",
      isIdempotent: true,
      headers: { "idempotency-key": "k-1" },
      body: { kind: "bytes", bytes: Buffer.from("order") },
    } as const;
    expect(await ask(upstream, `${api.url}/orders`, asked)).toEqual([200, "once"]);
    expect(api.seen.map(({ headers, body }) => [headers["idempotency-key"], body])).toEqual([
      ["k-1", "order"],
      ["k-1", "order"],
    ]);
  });

  it("a stream is opened anew for each attempt", async () => {
    let opened = 0;
    const body = {
      kind: "stream",
      length: 6,
      async *open() {
        opened++;
        yield Buffer.from("abc");
        yield Buffer.from("def");
      },
    } as const;
    api.handle = (_, response, at) => (at === 1 ? json(response, 503, {}) : response.end());
    await ask(upstream, `${api.url}/`, { method: "PUT", body });
    expect([opened, ...api.seen.map((seen) => seen.body)]).toEqual([2, "abcdef", "abcdef"]);
  });

  it("POST is where nobody was reached: nothing can have happened", async () => {
    let asked = 0;
    const lookup: LookupFunction = (_host, _options, callback) => {
      if (++asked === 1) callback(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), []);
      else callback(null, [{ address: "127.0.0.1", family: 4 }]);
    };
    const base = `http://api.test:${api.port}`;
    const named = open(base, { ...FAST, privateAddresses: "allow" }, { lookup });
    expect(await ask(named, `${base}/orders`, { method: "POST" })).toEqual([200, "ok"]);
    expect([asked, api.seen.length]).toEqual([2, 1]);
    await named.close();
  });

  it("a body that broke off is not: its reader has the first half", async () => {
    api.handle = (_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half!");
      setImmediate(() => response.destroy());
    };
    const answer = await send(upstream, `${api.url}/`);
    expect((await failure(textOf(answer))).code).toBe("broken");
    expect(api.seen).toHaveLength(1);
  });

  it("an upstream that is silent costs each attempt its time, and POST one", async () => {
    const silent = open(api.url, { upstream: { ...FAST.upstream, headersTimeoutMs: 1_000, retries: 1 } });
    api.handle = () => {};
    expect((await failure(send(silent, `${api.url}/`))).code).toBe("timeout");
    expect(api.seen).toHaveLength(2);
    const error = await failure(send(silent, `${api.url}/`, { method: "POST" }));
    expect([error.code, error.mayHaveActed, api.seen.length]).toEqual(["timeout", true, 3]);
    await silent.close();
  });

  it("it is told when an earlier attempt may have acted, though the last did not get there", async () => {
    const dying = await startApi();
    const to = open(dying.url, { upstream: { ...FAST.upstream, retryDelayMs: 50 } });
    dying.handle = async (_, response) => {
      response.destroy();
      await dying[Symbol.asyncDispose]();
    };
    const error = await failure(send(to, `${dying.url}/`, { method: "PUT" }));
    expect([error.code, error.mayHaveActed]).toEqual(["unreachable", true]);
    await to.close();
  });
});

describe("Retry-After", () => {
  it.each([
    ["in seconds", () => "1"],
    // Whole seconds: two from now is at least one.
    ["as a date", () => new Date(Date.now() + 2_000).toUTCString()],
  ])("is waited for, %s", async (_, value) => {
    const times: number[] = [];
    api.handle = (_, response, at) => {
      times.push(performance.now());
      if (at === 1) json(response, 429, {}, { "retry-after": value() });
      else response.end();
    };
    expect((await ask(upstream, `${api.url}/`))[0]).toBe(200);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it("that is longer than is waited for is passed on", async () => {
    api.handle = (_, response) => json(response, 429, {}, { "retry-after": "11" });
    const answer = await send(upstream, `${api.url}/`);
    await answer.discard();
    expect([answer.status, answer.headers["retry-after"], api.seen.length]).toEqual([429, "11", 1]);
  });

  it("that ends after the deadline is passed on at once", async () => {
    api.handle = (_, response) => json(response, 503, {}, { "retry-after": "9" });
    expect((await ask(upstream, `${api.url}/`, { deadlineMs: 8_000 }))[0]).toBe(503);
    expect(api.seen).toHaveLength(1);
  });

  it("is not waited for by a caller that goes away", async () => {
    const gone = new AbortController();
    api.handle = (_, response) => {
      json(response, 503, {}, { "retry-after": "9" });
      setImmediate(() => gone.abort());
    };
    const error = await failure(send(upstream, `${api.url}/`, { signal: gone.signal }));
    expect([error.code, api.seen.length]).toEqual(["cancelled", 1]);
  });
});
