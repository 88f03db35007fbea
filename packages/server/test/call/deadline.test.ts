import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { echoTool, gate, testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

describe("a call's time", () => {
  it("ends with a real abort at the deadline", async () => {
    const aborted = gate<unknown>();
    const tool = echoTool({
      limits: { deadlineMs: 20 },
      run: (_, call) =>
        new Promise((_, reject) => {
          call.signal.addEventListener("abort", () => {
            aborted.resolve(call.signal.aborted);
            reject(new Error("canary"));
          });
        }),
    });
    const { server, sink } = testServer({ tools: [tool] });
    const error = errorOf(await walk(server));
    expect(await aborted.promise).toBe(true);
    expect(error.code).toBe("timeout");
    expect(sink.of("call.outcome")).toMatchObject([{ outcome: { code: "timeout", isError: true } }]);
  });

  it("ends also when the handler ignores its signal, and a late failure of it disturbs nobody", async () => {
    const late = gate<{ text: string }>();
    const { server, sink } = testServer({ tools: [echoTool({ limits: { deadlineMs: 20 }, run: () => late.promise })] });
    expect(errorOf(await walk(server)).code).toBe("timeout");
    late.reject(new Error("canary"));
    await Promise.allSettled([late.promise]);
    expect(sink.events.map((event) => event.type)).toEqual(["call.intent", "call.outcome"]);
  });

  it("frees its place when it ends at the deadline", async () => {
    const hanging = echoTool({ limits: { deadlineMs: 20, concurrency: 1 }, run: () => new Promise(() => undefined) });
    const { server } = testServer({ tools: [hanging] });
    expect(await Promise.all([walk(server), walk(server)]).then((all) => all.map((one) => errorOf(one).code))).toEqual([
      "timeout",
      "timeout",
    ]);
  });

  it("tells the operator when a handler kept the event loop past its deadline, and still answers with what was done", async () => {
    const tool = echoTool({
      limits: { deadlineMs: 5 },
      run: ({ text }) => {
        const until = performance.now() + 20;
        while (performance.now() < until);
        return { text };
      },
    });
    const { server, entries } = testServer({ tools: [tool] });
    expect((await walk(server)).ok).toBe(true);
    expect(entries()).toContainEqual(expect.objectContaining({ level: 40, msg: expect.stringContaining("deadline") }));
  });

  it("leaves no listener on a signal that outlives it", async () => {
    const { signal } = new AbortController();
    const { server } = testServer({ tools: [echoTool({ limits: { concurrency: 1 } })] });
    await Promise.all(Array.from({ length: 50 }, () => walk(server, { signal })));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it.each(["approver", "policy"] as const)("is not held for ever by a %s that never answers", async (who) => {
    const never = () => new Promise<never>(() => undefined);
    const { server, sink } = testServer({
      tools: [echoTool({ effect: "destroy", limits: { deadlineMs: 20 } })],
      enable: ["destroy"],
      limits: { approvalWaitMs: 20 },
      ...(who === "approver" ? { approver: { ask: never } } : { policy: { visible: () => true, decide: never } }),
    });
    expect(errorOf(await walk(server)).code).toBe("timeout");
    expect(sink.of("call.intent", "call.refused")).toMatchObject([
      { type: "call.refused", decision: { code: "timeout" } },
    ]);
  });

  it.each([
    ["read", true],
    ["write", false],
  ] as const)("that ran out in a %s may be tried again: %s", async (effect, retryable) => {
    const tool = echoTool({ effect, limits: { deadlineMs: 20 }, run: () => new Promise(() => undefined) });
    const { server } = testServer({ tools: [tool], enable: ["write"] });
    expect(errorOf(await walk(server))).toMatchObject({ code: "timeout", retryable });
  });
});

describe("a cancelled call", () => {
  it("is aborted, and on record as cancelled", async () => {
    const started = gate();
    const client = new AbortController();
    const tool = echoTool({
      run: (_, call) =>
        new Promise((_, reject) => {
          call.signal.addEventListener("abort", () => reject(new Error("stopped")));
          started.resolve();
        }),
    });
    const { server, sink } = testServer({ tools: [tool] });
    const answer = walk(server, { signal: client.signal });
    await started.promise;
    client.abort();
    expect(errorOf(await answer).code).toBe("cancelled");
    expect(sink.of("call.outcome")).toMatchObject([{ outcome: { code: "cancelled" } }]);
  });

  it("does not start its handler when it was cancelled before", async () => {
    const seen = { runs: 0 };
    const { server, sink } = testServer({
      tools: [echoTool({ run: ({ text }) => ({ text: `${text}${seen.runs++}` }) })],
    });
    expect(errorOf(await walk(server, { signal: AbortSignal.abort() })).code).toBe("cancelled");
    expect(seen.runs).toBe(0);
    expect(sink.events).toHaveLength(1);
  });

  it("leaves the queue", async () => {
    const first = gate<{ text: string }>();
    const { server, sink } = testServer({
      tools: [echoTool({ limits: { concurrency: 1 }, run: () => first.promise })],
    });
    const running = walk(server);
    const client = new AbortController();
    const waiting = walk(server, { signal: client.signal });
    client.abort();
    expect(errorOf(await waiting).code).toBe("cancelled");
    first.resolve({ text: "x" });
    expect((await running).ok).toBe(true);
    expect(sink.of("call.refused")).toMatchObject([{ decision: { step: "admit", code: "cancelled" } }]);
  });

  it("stops waiting for an approver", async () => {
    const asked = gate();
    const client = new AbortController();
    const { server, sink } = testServer({
      tools: [echoTool({ effect: "destroy" })],
      enable: ["destroy"],
      approver: {
        ask: () => {
          asked.resolve();
          return new Promise(() => undefined);
        },
      },
    });
    const answer = walk(server, { signal: client.signal });
    await asked.promise;
    client.abort();
    expect(errorOf(await answer).code).toBe("cancelled");
    expect(sink.of("call.intent", "call.refused")).toMatchObject([
      { type: "call.refused", decision: { step: "approve", code: "cancelled" } },
    ]);
  });
});
