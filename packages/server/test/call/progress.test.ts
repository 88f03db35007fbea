import { createRedactor } from "@hardened-mcp/redact";
import { describe, expect, it } from "vitest";
import { progressReporter } from "../../src/call/progress.ts";
import { echoTool, gate } from "../support/server.ts";
import { call, connectOld } from "../support/stdio.ts";

const redactor = createRedactor();
function reporter() {
  const sent: { progress: number; total?: number; message?: string }[] = [];
  return { sent, ...progressReporter({ send: (one) => sent.push(one) }, redactor) };
}

describe("progress", () => {
  it("rises, and says nothing else", () => {
    const { sent, report } = reporter();
    for (const done of [1, 1, 0, Number.NaN, Number.POSITIVE_INFINITY, 2]) report(done, 1);
    expect(sent.map((one) => one.progress)).toEqual([1, 2]);
  });

  it("does not flood", () => {
    const { sent, report } = reporter();
    for (let done = 1; done <= 10_000; done++) report(done);
    expect(sent.length).toBeLessThan(100);
  });

  it("holds no total that JSON cannot carry, no hidden character and no endless message", () => {
    const { sent, report } = reporter();
    report(1, Number.POSITIVE_INFINITY, `a\u202eb${"x".repeat(100_000)}`);
    expect(sent).toMatchObject([{ progress: 1 }]);
    expect(sent[0]).not.toHaveProperty("total");
    expect(sent[0]?.message).not.toContain("\u202e");
    expect(sent[0]?.message?.length).toBeLessThan(2_000);
  });

  it("ends with the call", () => {
    const { sent, report, end } = reporter();
    end();
    report(1);
    expect(sent).toEqual([]);
  });

  it("reaches a client that asked for it, and only that one", async () => {
    const late = gate<(done: number) => void>();
    const tool = echoTool({
      run: ({ text }, running) => {
        running.progress(1, 2, "half");
        late.resolve((done) => running.progress(done));
        return { text };
      },
    });
    await using stdio = await connectOld({ tools: [tool] });
    stdio.send(call(1, "echo", { text: "x" }), call(2, "echo", { text: "x" }, { progressToken: "t" }));
    await Promise.all([stdio.answer(1), stdio.answer(2)]);
    (await late.promise)(9);
    stdio.send(call(3, "echo", { text: "x" }));
    await stdio.answer(3);
    const sent = stdio.received.filter((message) => message.method === "notifications/progress");
    expect(sent).toMatchObject([{ params: { progressToken: "t", progress: 1, total: 2, message: "half" } }]);
  });
});
