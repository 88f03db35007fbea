import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { serve } from "../../src/serve.ts";
import { echoTool, gate, testServer } from "../support/server.ts";
import { call, connectOld, connectStdio, initialize, MODERN } from "../support/stdio.ts";

describe("calls over stdio", () => {
  it("ten thousand at once are all answered, with a bounded number running and waiting", async () => {
    let running = 0;
    let most = 0;
    const tool = echoTool({
      limits: { callsPerMinute: 1_000_000 },
      run: async ({ text }) => {
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
        return { text };
      },
    });
    await using stdio = await connectOld({ tools: [tool], limits: { concurrency: 8, queue: 16 } });
    stdio.input.write(
      Array.from({ length: 10_000 }, (_, id) => `${JSON.stringify(call(id, "echo", { text: `${id}` }))}\n`).join(""),
    );
    await stdio.until(() => stdio.received.length === 10_001);
    expect(most).toBeLessThanOrEqual(8);
    const answers = stdio.received.slice(1);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(10_000);
    for (const { id, result } of answers) {
      if (result?.["isError"] === true)
        expect(result["structuredContent"]).toMatchObject({ error: { code: "rate_limited" } });
      else expect(result?.["structuredContent"]).toEqual({ text: `${id}` });
    }
    const ends = stdio.sink.of("call.outcome", "call.refused");
    expect(ends).toHaveLength(10_000);
  });

  it.each<[string, object]>([
    ["its JSON", {}],
    ["words of its own", { present: ({ text }: { text: string }) => `"text": {${text}}` }],
  ])("have one answer in both eras, whatever is in it, when its text is %s", async (_, form) => {
    for (const text of [
      "",
      '"}]},"id":9,\\',
      "two\nlines\r\t",
      "\u2028é\u{1f600}",
      "x".repeat(400_000),
      '","__proto__":{}',
    ]) {
      const tool = echoTool({ run: () => ({ text }), ...form });
      await using old = await connectOld({ tools: [tool], limits: { maxResultBytes: 300_000 } });
      await using modern = await connectStdio({ tools: [tool], limits: { maxResultBytes: 300_000 } });
      old.send(call('a"b', "echo", { text: "x" }));
      modern.send(call('a"b', "echo", { text: "x" }, MODERN));
      const { content, structuredContent } = (await modern.answer('a"b')).result ?? {};
      expect((await old.answer('a"b')).result).toStrictEqual({ content, structuredContent });
      expect(structuredContent).toHaveProperty("text");
    }
  });

  it.each(["old", "modern"])("can be cancelled by the %s client, get no answer, and are on record", async (era) => {
    const started = gate();
    const stopped = gate();
    const tool = echoTool({
      run: (_, running) =>
        new Promise((_, reject) => {
          running.signal.addEventListener("abort", () => {
            stopped.resolve();
            reject(new Error("stopped"));
          });
          started.resolve();
        }),
    });
    const connect = era === "old" ? connectOld : connectStdio;
    const meta = era === "old" ? undefined : MODERN;
    await using stdio = await connect({ tools: [tool, echoTool({ name: "other" })] });
    stdio.send(call(1, "echo", { text: "x" }, meta));
    await started.promise;
    stdio.send({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: 1, ...(meta === undefined ? {} : { _meta: meta }) },
    });
    await stopped.promise;
    expect(await stdio.sink.until((event) => event.type === "call.outcome")).toMatchObject({
      outcome: { code: "cancelled" },
    });
    stdio.send(call(2, "other", { text: "x" }, meta));
    await stdio.answer(2);
    expect(stdio.received.map((message) => message.id)).toEqual(era === "old" ? ["init", 2] : [2]);
  });

  it("are not disturbed by a flood of notifications and stray responses", async () => {
    await using stdio = await connectOld();
    const noise = [
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 99 } },
      { jsonrpc: "2.0", method: "notifications/no-such", params: {} },
      { jsonrpc: "2.0", id: 5, result: {} },
      { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } },
    ].map((message) => JSON.stringify(message));
    stdio.input.write(`${noise.join("\n")}\n`.repeat(5_000));
    stdio.send(call("next", "echo", { text: "x" }));
    await stdio.answer("next");
    expect(stdio.received).toHaveLength(2);
  });
});

/** Sends calls, each after the one before has run, until the server reads no more. @returns how many were sent */
async function callUntilPaused(input: PassThrough, sink: ReturnType<typeof testServer>["sink"]): Promise<number> {
  const paused = once(input, "pause");
  for (let id = 1; id <= 20; id++) {
    input.write(`${JSON.stringify(call(id, "echo", { text: "x" }))}\n`);
    await Promise.race([paused, sink.until(() => sink.of("call.outcome").length === id)]);
    if (input.isPaused()) return id;
  }
  return 20;
}

describe("a client that stops reading", () => {
  it("is no longer read from, and goes on where it was once it reads again", async () => {
    const big = "x".repeat(500_000);
    const { server, sink } = testServer({
      tools: [echoTool({ limits: { callsPerMinute: 100_000 }, run: () => ({ text: big }) })],
    });
    const input = new PassThrough();
    const output = new PassThrough();
    const running = await serve(server, { stdio: { input, output }, ownProcess: false, drainMs: 100 });
    input.write(`${JSON.stringify(initialize)}\n`);
    const sent = await callUntilPaused(input, sink);
    expect(input.isPaused()).toBe(true);
    // The last one was let in and waits for room: it has not run.
    expect(sink.of("call.intent")).toHaveLength(sent - 1);
    let lines = 0;
    const all = gate();
    output.on("data", (chunk: Buffer) => {
      lines += chunk.filter((byte) => byte === 0x0a).length;
      if (lines === sent + 2) all.resolve();
    });
    input.write(`${JSON.stringify(call("last", "echo", { text: "x" }))}\n`);
    await all.promise;
    await running.stop("test");
  });

  it("does not start a stopping server again when it reads again", async () => {
    const big = "x".repeat(500_000);
    const { server, sink } = testServer({ tools: [echoTool({ run: () => ({ text: big }) })] });
    const input = new PassThrough();
    const output = new PassThrough();
    const running = await serve(server, { stdio: { input, output }, ownProcess: false, drainMs: 100 });
    input.write(`${JSON.stringify(initialize)}\n`);
    const sent = await callUntilPaused(input, sink);
    const stopped = running.stop("test");
    input.write(`${JSON.stringify(call("late", "echo", { text: "x" }))}\n`);
    output.resume();
    await stopped;
    // What had been let in may finish; what came later is not read.
    expect(sink.of("call.intent").length).toBeLessThanOrEqual(sent);
  });
});

describe("the end of input", () => {
  it("lets a call that is nearly done be answered", async () => {
    const started = gate();
    const finish = gate();
    const tool = echoTool({
      run: async ({ text }) => {
        started.resolve();
        await finish.promise;
        return { text };
      },
    });
    const stdio = await connectOld({ tools: [tool] });
    stdio.send(call(1, "echo", { text: "x" }));
    await started.promise;
    stdio.input.end();
    await new Promise((resolve) => stdio.input.once("end", resolve));
    finish.resolve();
    expect(await stdio.answer(1)).toMatchObject({ result: { structuredContent: { text: "x" } } });
    expect(await stdio.running.stop("again")).toBe(0);
    expect(stdio.sink.of("server.stopped")).toMatchObject([{ detail: { reason: "end of input" } }]);
  });

  it("answers what came in the same breath", async () => {
    const stdio = await connectOld();
    stdio.input.end(`${JSON.stringify(call(1, "echo", { text: "x" }))}\n`);
    expect(await stdio.answer(1)).toMatchObject({ result: {} });
    expect(await stdio.running.stop("again")).toBe(0);
  });

  it("answers hundreds of lines that came before it", async () => {
    const stdio = await connectOld({ tools: [echoTool({ limits: { callsPerMinute: 10_000 } })] });
    stdio.input.end(
      Array.from({ length: 250 }, (_, id) => `${JSON.stringify(call(id, "echo", { text: "x" }))}\n`).join(""),
    );
    expect(await stdio.until(() => stdio.received.length === 251)).toMatchObject({ jsonrpc: "2.0" });
    expect(await stdio.running.stop("again")).toBe(0);
  });

  it("does not wait for a call that never ends, which is on record as cancelled", async () => {
    const stdio = await connectOld({ tools: [echoTool({ run: () => new Promise(() => undefined) })] });
    stdio.send(call(1, "echo", { text: "x" }));
    await stdio.sink.until((event) => event.type === "call.intent");
    stdio.input.end();
    await stdio.sink.until((event) => event.type === "server.stopped");
    expect(stdio.sink.of("call.outcome")).toMatchObject([{ outcome: { code: "cancelled" } }]);
    expect(stdio.sink.events.at(-1)?.type).toBe("server.stopped");
  });

  it("comes also as an input that breaks", async () => {
    const stdio = await connectOld();
    stdio.input.destroy(new Error("gone"));
    await stdio.sink.until((event) => event.type === "server.stopped");
    expect(await stdio.running.stop("again")).toBe(0);
  });
});
