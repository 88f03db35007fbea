import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { json, startApi, type TestApi } from "./support/api.ts";
import { ask, failure, type OpenedUpstream, open, send, textOf } from "./support/upstream.ts";

let api: TestApi;
const opened: OpenedUpstream[] = [];
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  for (const upstream of opened.splice(0)) await upstream.close();
  await api[Symbol.asyncDispose]();
});

function bounded(upstream: NonNullable<Parameters<typeof open>[1]>["upstream"]): OpenedUpstream {
  const made = open(api.url, { upstream: { cache: { enabled: false }, ...upstream } });
  opened.push(made);
  return made;
}

describe("requests at once", () => {
  it("are as many as may be; as many as may wait, and the rest is busy", async () => {
    const upstream = bounded({ concurrency: 2, queue: 3 });
    const gate = Promise.withResolvers<void>();
    api.handle = async (_, response) => {
      await gate.promise;
      response.end("served");
    };
    const asked = Array.from({ length: 9 }, () => ask(upstream, `${api.url}/`));
    const codes = await Promise.all(asked.slice(5).map(async (one) => (await failure(one)).code));
    expect(codes).toEqual(["busy", "busy", "busy", "busy"]);
    await vi.waitFor(() => expect(api.seen).toHaveLength(2));
    gate.resolve();
    expect(await Promise.all(asked.slice(0, 5))).toEqual(Array.from({ length: 5 }, () => [200, "served"]));
  });

  it("hold their place until their body has ended, or is discarded, or fails", async () => {
    const upstream = bounded({ concurrency: 1, queue: 0 });
    api.handle = (_, response) => response.write("begun");
    const ends: ((answer: Awaited<ReturnType<typeof send>>) => Promise<unknown>)[] = [
      async (answer) => await answer.discard(),
      async (answer) => {
        for await (const _ of answer.body) break;
      },
      async (answer) => {
        const read = failure(textOf(answer));
        api.cut();
        expect((await read).code).toBe("broken");
      },
    ];
    for (const end of ends) {
      const answer = await send(upstream, `${api.url}/`);
      expect((await failure(send(upstream, `${api.url}/`))).code).toBe("busy");
      await end(answer);
    }
    api.handle = (_, response) => response.end("free");
    expect(await ask(upstream, `${api.url}/`)).toEqual([200, "free"]);
  });

  it("give it back at the deadline when nobody reads their body", async () => {
    const upstream = bounded({ concurrency: 1, queue: 1 });
    api.handle = (_, response, at) => (at === 1 ? response.write("begun") : response.end("next"));
    await send(upstream, `${api.url}/`, { deadlineMs: 2_000 });
    expect(await ask(upstream, `${api.url}/`)).toEqual([200, "next"]);
  });

  it("that wait leave the queue at their deadline, and when their caller goes away", async () => {
    const upstream = bounded({ concurrency: 1, queue: 1 });
    api.handle = (_, response) => response.write("begun");
    const holding = await send(upstream, `${api.url}/`);
    expect((await failure(send(upstream, `${api.url}/`, { deadlineMs: 100 }))).code).toBe("timeout");
    const gone = new AbortController();
    const waiting = failure(send(upstream, `${api.url}/`, { signal: gone.signal }));
    gone.abort();
    expect((await waiting).code).toBe("cancelled");
    await holding.discard();
    expect(api.seen).toHaveLength(1);
  });
});

describe("requests a minute", () => {
  it("are as many as may be, retries counted; then it says when", async () => {
    const upstream = bounded({ callsPerMinute: 4, retries: 9, retryDelayMs: 1 });
    api.handle = (_, response) => json(response, 503, {});
    expect((await ask(upstream, `${api.url}/`))[0]).toBe(503);
    expect(api.seen).toHaveLength(4);
    const error = await failure(send(upstream, `${api.url}/`));
    expect([error.code, api.seen.length]).toEqual(["busy", 4]);
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(error.retryAfterMs).toBeLessThanOrEqual(15_000);
  });
});

describe("the deadline of everything", () => {
  it.each<[string, TestApi["handle"]]>([
    ["never answers", () => {}],
    [
      "drips its head",
      async ({ method }, response) => {
        response.socket?.write(`HTTP/1.1 200 OK\r\nx-${method}: `);
        while (response.socket?.destroyed === false) {
          response.socket.write("x");
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
    ],
  ])("ends the wait for an upstream that %s", async (_, handle) => {
    api.handle = handle;
    const upstream = bounded({});
    const started = performance.now();
    expect((await failure(send(upstream, `${api.url}/`, { deadlineMs: 300 }))).code).toBe("timeout");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each([0, -5])("of %i ms is over before anything is sent", async (deadlineMs) => {
    expect((await failure(send(bounded({}), `${api.url}/`, { deadlineMs }))).code).toBe("timeout");
    expect(api.seen).toHaveLength(0);
  });

  it("ends a body that drips and never stops", async () => {
    api.handle = async (_, response) => {
      while (!response.destroyed) {
        response.write("x");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const answer = await send(bounded({}), `${api.url}/`, { deadlineMs: 2_000 });
    expect((await failure(textOf(answer))).code).toBe("timeout");
  });

  it("may be longer for one operation than for its API", async () => {
    api.handle = (_, response) => void setTimeout(() => response.end("late"), 600);
    const upstream = bounded({ deadlineMs: 100 });
    expect(await ask(upstream, `${api.url}/`, { deadlineMs: 15_000 })).toEqual([200, "late"]);
  });

  it("is the caller's too: it stops a body when it goes away", async () => {
    api.handle = (_, response) => response.write("begun");
    const gone = new AbortController();
    const answer = await send(bounded({}), `${api.url}/`, { signal: gone.signal });
    const read = failure(textOf(answer));
    gone.abort();
    expect((await read).code).toBe("cancelled");
  });

  it("leaves no timer and no listener behind", async () => {
    const upstream = bounded({});
    const { signal } = new AbortController();
    for (let call = 0; call < 20; call++) await ask(upstream, `${api.url}/`, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("a body", () => {
  it("larger than allowed ends as too large, what fits is given", async () => {
    api.handle = (_, response) => response.end("x".repeat(5_000));
    const answer = await send(bounded({ maxResponseBytes: 1_000 }), `${api.url}/`);
    let bytes = 0;
    const read = (async () => {
      for await (const part of answer.body) bytes += part.byteLength;
    })();
    expect([(await failure(read)).code, bytes]).toEqual(["too_large", 1_000]);
  });
});
