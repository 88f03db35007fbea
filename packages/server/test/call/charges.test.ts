import type { RateCharge, RateDecision, RateLimiter } from "@hardened-mcp/limits";
import { describe, expect, it } from "vitest";
import { echoTool, testServer } from "../support/server.ts";
import { alice, errorOf, walk } from "../support/walk.ts";

/** A limiter that answers as it is told, and keeps what it was asked. */
function recorder(answer: () => RateDecision = () => ({ ok: true })) {
  const taken: RateCharge[][] = [];
  const limiter: RateLimiter = {
    take: (key, rule, cost = 1) => {
      taken.push([{ key, rule, cost }]);
      return answer();
    },
    takeAll: async (charges) => {
      taken.push([...charges]);
      return answer();
    },
  };
  return { taken, rateLimiter: () => limiter };
}

describe("what a call is charged", () => {
  it("shares one account among all tools of an effect, so that many tools are not many budgets", async () => {
    const { server } = testServer({ tools: [echoTool(), echoTool({ name: "other" })], limits: { callsPerMinute: 2 } });
    expect((await walk(server)).ok).toBe(true);
    expect((await walk(server, { name: "other" })).ok).toBe(true);
    expect(errorOf(await walk(server)).code).toBe("rate_limited");
  });

  it("keeps the accounts of different effects apart", async () => {
    const { server } = testServer({
      tools: [echoTool(), echoTool({ name: "put", effect: "write" })],
      enable: ["write"],
      limits: { callsPerMinute: 1 },
    });
    expect((await walk(server)).ok).toBe(true);
    expect((await walk(server, { name: "put" })).ok).toBe(true);
    expect(errorOf(await walk(server, { name: "put" })).code).toBe("rate_limited");
  });

  it("weighs a call by its tool's cost", async () => {
    const { server } = testServer({
      tools: [echoTool(), echoTool({ name: "heavy", limits: { cost: 4 } })],
      limits: { callsPerMinute: 5 },
    });
    expect((await walk(server, { name: "heavy" })).ok).toBe(true);
    expect((await walk(server)).ok).toBe(true);
    expect(errorOf(await walk(server)).code).toBe("rate_limited");
  });

  it("ends with the day's budget, across tools and effects, whatever the minute would allow", async () => {
    const { server } = testServer({
      tools: [echoTool(), echoTool({ name: "put", effect: "write", limits: { cost: 2 } })],
      enable: ["write"],
      limits: { callsPerMinute: 100, costPerDay: 3 },
    });
    expect((await walk(server)).ok).toBe(true);
    expect((await walk(server, { name: "put" })).ok).toBe(true);
    const error = errorOf(await walk(server));
    expect(error.code).toBe("rate_limited");
    expect(error.retryAfterMs).toBeGreaterThan(60_000);
    const bob = { ...alice, subject: "bob" };
    expect((await walk(server, { principal: bob })).ok).toBe(true);
  });

  it.each([
    ["more than a minute holds", { limits: { cost: 11 } }, { callsPerMinute: 10 }],
    ["more than a day holds", { limits: { cost: 5 } }, { costPerDay: 4 }],
    ["nothing", { limits: { cost: 0 } }, {}],
    ["less than nothing", { limits: { cost: -1 } }, {}],
    ["no number", { limits: { cost: Number.NaN } }, {}],
  ])("is refused at start when one call costs %s", (_, tool, limits) => {
    expect(() => testServer({ tools: [echoTool(tool)], limits })).toThrow("can never be paid");
  });

  it("is charged exactly once, whatever becomes of the call", async () => {
    const { taken, rateLimiter } = recorder();
    const { server } = testServer({
      tools: [echoTool(), echoTool({ name: "fails", run: () => Promise.reject(new Error("x")) })],
      rateLimiter,
      limits: { costPerDay: 10_000 },
    });
    await walk(server);
    await walk(server, { args: { wrong: 1 } });
    await walk(server, { name: "fails" });
    await walk(server, { name: "no_such_tool" });
    await walk(server, { method: "tools/list", name: "tools/list", args: {} });
    expect(taken).toHaveLength(5);
    for (const charges of taken) expect(charges).toHaveLength(2);
  });

  it("costs something to ask for what does not exist, and is the same for what may not be seen", async () => {
    const { server } = testServer({
      tools: [echoTool(), echoTool({ name: "hidden", scope: "echo:hidden" })],
      limits: { callsPerMinute: 2 },
    });
    expect(errorOf(await walk(server, { name: "absent" })).code).toBe("not_found");
    expect(errorOf(await walk(server, { name: "hidden" })).code).toBe("not_found");
    expect(errorOf(await walk(server, { name: "absent" })).code).toBe("rate_limited");
    expect(errorOf(await walk(server, { name: "hidden" })).code).toBe("rate_limited");
  });

  it("lets reads through and refuses writes when the shared limit is away", async () => {
    const { rateLimiter } = recorder(() => ({ ok: true, degraded: true }));
    const { server } = testServer({
      tools: [echoTool(), echoTool({ name: "put", effect: "write" })],
      enable: ["write"],
      rateLimiter,
    });
    expect((await walk(server)).ok).toBe(true);
    expect(errorOf(await walk(server, { name: "put" })).code).toBe("unavailable");
  });

  it("runs nothing when the limiter fails", async () => {
    const { rateLimiter } = recorder(() => {
      throw new Error("canary");
    });
    const { server, sink } = testServer({ tools: [echoTool()], rateLimiter });
    for (const name of ["echo", "no_such_tool"]) {
      expect(errorOf(await walk(server, { name }))).toMatchObject({ code: "unavailable", retryable: true });
    }
    expect(sink.of("call.intent")).toEqual([]);
  });
});
