import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { json, startApi, type TestApi } from "./support/api.ts";
import { ask, failure, type OpenedUpstream, open, send } from "./support/upstream.ts";

const OPEN_MS = 10_000;

let api: TestApi;
let upstream: OpenedUpstream;
beforeEach(async () => {
  // The breaker goes by the wall clock; sockets and timers go on.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  api = await startApi();
  upstream = open(api.url, {
    upstream: {
      retries: 0,
      breaker: { failures: 3, openMs: OPEN_MS },
      cache: { enabled: false },
    },
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await upstream.close();
  await api[Symbol.asyncDispose]();
});

const get = async () => await ask(upstream, `${api.url}/`);
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function fail(times: number): Promise<void> {
  api.handle = (_, response) => json(response, 503, {});
  for (let time = 0; time < times; time++) expect((await get())[0]).toBe(503);
}

describe("the circuit breaker", () => {
  it("opens after so many failures in a row, and says for how long; nothing is sent then", async () => {
    await fail(3);
    expect(upstream.health()).toBe("away");
    pass(4_000);
    const error = await failure(send(upstream, `${api.url}/`));
    expect([error.code, error.retryAfterMs, error.mayHaveActed, api.seen.length]).toEqual(["open", 6_000, false, 3]);
    expect(upstream.logged.join()).toContain("left alone");
  });

  it("does not open for failures that are not in a row", async () => {
    for (let round = 0; round < 3; round++) {
      await fail(2);
      api.handle = (_, response) => response.end();
      await get();
    }
    expect(upstream.health()).toBe("up");
  });

  it.each([400, 401, 403, 404, 429, 500])("does not open for %i, which a caller can bring about", async (status) => {
    api.handle = (_, response) => json(response, status, {});
    for (let time = 0; time < 10; time++) await get();
    expect(upstream.health()).toBe("up");
  });

  it("does not open for requests that cannot be sent, or that their callers break off", async () => {
    const gone = AbortSignal.abort();
    for (let time = 0; time < 10; time++) {
      const unsendable = failure(send(upstream, `${api.url}/`, { headers: { "x-id": "a\r\nb" } }));
      expect((await unsendable).code).toBe("unreachable");
      expect((await failure(send(upstream, `${api.url}/`, { signal: gone }))).code).toBe("cancelled");
    }
    expect([upstream.health(), api.seen.length]).toEqual(["up", 0]);
  });

  it.each<[string, TestApi["handle"]]>([
    ["silent", () => {}],
    ["cut off", (_, response) => response.destroy()],
    ["no HTTP", (_, response) => response.socket?.end("SSH-2.0-x\r\n")],
  ])("opens for an upstream that is %s", async (_, handle) => {
    api.handle = handle;
    const impatient = open(api.url, { upstream: { retries: 0, headersTimeoutMs: 500, breaker: { failures: 3 } } });
    const asked = async () => (await failure(send(impatient, `${api.url}/`))).code;
    for (let time = 0; time < 3; time++) expect(await asked()).toMatch(/^(?:timeout|broken)$/);
    expect(await asked()).toBe("open");
    await impatient.close();
  });

  it("lets one through after its time, refuses the others meanwhile, and closes when that one is answered", async () => {
    await fail(3);
    pass(OPEN_MS);
    expect(upstream.health()).toBe("up");
    const waiting = Promise.withResolvers<void>();
    api.handle = async (_, response) => {
      await waiting.promise;
      response.end("back");
    };
    const first = get();
    await vi.waitFor(() => expect(api.seen).toHaveLength(4));
    expect(upstream.health()).toBe("away");
    for (let other = 0; other < 5; other++) expect((await failure(get())).code).toBe("open");
    waiting.resolve();
    expect(await first).toEqual([200, "back"]);
    expect([upstream.health(), api.seen.length]).toEqual(["up", 4]);
    expect(await get()).toEqual([200, "back"]);
  });

  it("opens again when that one fails", async () => {
    await fail(3);
    pass(OPEN_MS);
    await fail(1);
    expect((await failure(get())).retryAfterMs).toBe(OPEN_MS);
  });

  it("is not closed by a caller that goes away while it is the one that finds out", async () => {
    await fail(3);
    pass(OPEN_MS);
    const gone = new AbortController();
    api.handle = () => gone.abort();
    expect((await failure(send(upstream, `${api.url}/`, { signal: gone.signal }))).code).toBe("cancelled");
    expect((await failure(get())).code).toBe("open");
  });

  it("ends the retries of the request that opened it, which gets the last answer there was", async () => {
    const trying = open(api.url, {
      upstream: { retries: 9, retryDelayMs: 1, breaker: { failures: 3, openMs: OPEN_MS } },
    });
    api.handle = (_, response) => json(response, 503, { last: true });
    expect(await ask(trying, `${api.url}/`)).toEqual([503, '{"last":true}']);
    expect(api.seen).toHaveLength(3);
    await trying.close();
  });
});
