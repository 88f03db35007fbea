import { describe, expect, it } from "vitest";
import { echoTool, gate, testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

describe("admission", () => {
  it("refuses the call after the last one of the minute, and says when to come back", async () => {
    const { server, sink } = testServer({ tools: [echoTool({ limits: { callsPerMinute: 2 } })] });
    expect((await walk(server)).ok).toBe(true);
    expect((await walk(server)).ok).toBe(true);
    const error = errorOf(await walk(server));
    expect(error).toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: expect.any(Number) });
    expect(sink.of("call.refused")).toMatchObject([{ decision: { step: "admit", code: "rate_limited" } }]);
  });

  it.each([
    ["subject", { subject: "bob" }],
    ["issuer", { issuer: "https://other.example" }],
    ["tenant", { tenant: "t" }],
  ])("counts principals apart by %s", async (_, other) => {
    const { server } = testServer({ tools: [echoTool({ limits: { callsPerMinute: 1 } })] });
    expect((await walk(server)).ok).toBe(true);
    expect((await walk(server, { principal: { ...alice, ...other } })).ok).toBe(true);
    expect(errorOf(await walk(server)).code).toBe("rate_limited");
  });

  it("gives a subject no second budget for a second client", async () => {
    const { server } = testServer({ tools: [echoTool({ limits: { callsPerMinute: 1 } })] });
    expect((await walk(server)).ok).toBe(true);
    expect(errorOf(await walk(server, { principal: { ...alice, client: "another" } })).code).toBe("rate_limited");
  });

  it("runs as many as may, lets as many wait as may, refuses the rest, and counts right", async () => {
    const open = gate<{ text: string }>();
    let most = 0;
    let running = 0;
    const tool = echoTool({
      run: async () => {
        most = Math.max(most, ++running);
        await open.promise;
        running--;
        return { text: "x" };
      },
    });
    const { server, sink } = testServer({
      tools: [tool],
      limits: { concurrency: 3, queue: 4, callsPerMinute: 10_000 },
    });
    const all = Array.from({ length: 20 }, () => walk(server));
    await sink.until(() => sink.of("call.refused").length === 13);
    open.resolve({ text: "x" });
    const codes = (await Promise.all(all)).map((answer) => (answer.ok ? "ok" : answer.error.code));
    expect(codes.filter((code) => code === "ok")).toHaveLength(7);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(13);
    expect(most).toBe(3);
  });

  it("gives the place back after every kind of end", async () => {
    const { server } = testServer({
      tools: [
        echoTool({
          limits: { concurrency: 1 },
          run: ({ text }) => {
            if (text === "throw") throw new Error("x");
            return text === "bad" ? ({ wrong: 1 } as never) : { text };
          },
        }),
      ],
      limits: { queue: 0 },
    });
    for (const args of [{ text: "throw" }, { text: "bad" }, { nope: 1 }, { text: "ok" }]) await walk(server, { args });
    expect((await walk(server)).ok).toBe(true);
  });
});
