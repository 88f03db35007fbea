import { memoryStore, StateError, type StateStore } from "@hardened-mcp/state";
import { describe, expect, it } from "vitest";

import { createSharedRateLimiter } from "../../../src/rate/shared/shared-rate-limiter.ts";

const DAY_MS = 86_400_000;
const RULES = {
  minute: { limit: 10, windowMs: 60_000 },
  day: { limit: 20, windowMs: DAY_MS },
  burst: { limit: 60, windowMs: 60_000, burst: 10 },
} as const;

/** A real store, with a count of what is asked of it, and a fault to switch on. */
function setup(options: { expectedReplicas?: number } = {}) {
  const clock = { now: 1000 };
  const real = memoryStore({ now: () => clock.now });
  const seen: { increments: string[]; fault: StateError | undefined; afterwards: boolean } = {
    increments: [],
    fault: undefined,
    afterwards: false,
  };
  const store: StateStore = {
    ...real,
    async increment(key, by, ttl) {
      seen.increments.push(key);
      if (seen.fault !== undefined && !seen.afterwards) throw seen.fault;
      const counted = await real.increment(key, by, ttl);
      if (seen.fault !== undefined) throw seen.fault;
      return counted;
    },
  };
  const events: string[] = [];
  const limiter = createSharedRateLimiter({
    store,
    rules: RULES,
    now: () => clock.now,
    local: options,
    onDegraded: (error) => events.push(error.code),
    onRestored: () => events.push("restored"),
  });
  return { clock, store: real, seen, events, limiter };
}

const away = () => new StateError("unavailable", "away");

async function passes(take: () => unknown, times: number): Promise<number> {
  let passed = 0;
  for (let i = 0; i < times; i++) {
    const decision = (await take()) as { ok: boolean };
    if (decision.ok) passed++;
  }
  return passed;
}

describe("createSharedRateLimiter", () => {
  it("lets the limit pass in a window, tells when the next begins, and means it", async () => {
    const { clock, limiter } = setup();
    expect(await limiter.take("a", "minute", 4)).toEqual({ ok: true });
    clock.now += 15_000;
    expect(await passes(() => limiter.take("a", "minute"), 20)).toBe(6);
    expect(await limiter.take("a", "minute")).toEqual({ ok: false, retryAfterMs: 45_000, rule: "minute" });
    clock.now += 44_999;
    expect((await limiter.take("a", "minute")).ok).toBe(false);
    clock.now += 1;
    expect((await limiter.take("a", "minute")).ok).toBe(true);
  });

  it("counts a burst in its part of the window", async () => {
    const { clock, limiter } = setup();
    expect(await passes(() => limiter.take("a", "burst"), 20)).toBe(10);
    clock.now += 10_000;
    expect(await passes(() => limiter.take("a", "burst"), 20)).toBe(10);
  });

  it("lets exactly the limit pass when everyone asks at once", async () => {
    const { limiter } = setup();
    const decisions = await Promise.all(Array.from({ length: 400 }, () => limiter.take("a", "day")));
    expect(decisions.filter(({ ok }) => ok)).toHaveLength(20);
    for (const decision of decisions) if (!decision.ok) expect(decision.retryAfterMs).toBe(DAY_MS);
  });

  it("never lets costs add up to more than the limit", async () => {
    const { limiter } = setup();
    const costs = Array.from({ length: 200 }, (_, i) => (i % 7) + 1);
    const decisions = await Promise.all(costs.map((cost) => limiter.take("a", "day", cost)));
    const spent = costs.reduce((sum, cost, i) => sum + (decisions[i]?.ok ? cost : 0), 0);
    expect(spent).toBeLessThanOrEqual(20);
    expect(spent).toBeGreaterThan(20 - 7);
  });

  it("asks the store no more about a client that floods, until the window ends", async () => {
    const { clock, seen, limiter } = setup();
    expect(await passes(() => limiter.take("a", "minute"), 10_000)).toBe(10);
    expect(seen.increments).toHaveLength(10);
    clock.now += 60_000;
    expect(await passes(() => limiter.take("a", "minute"), 10_000)).toBe(10);
    expect(seen.increments).toHaveLength(20);
  });

  it("asks once a minute about a budget of a day, and hears when an operator has given it back", async () => {
    const { clock, store, seen, limiter } = setup();
    await passes(() => limiter.take("a", "day"), 100);
    expect(seen.increments).toHaveLength(20);
    await store.delete(seen.increments[0] ?? "");
    expect((await limiter.take("a", "day")).ok).toBe(false);
    clock.now += 60_000;
    expect((await limiter.take("a", "day")).ok).toBe(true);
  });

  it("keeps keys apart that only look alike, and writes none of them into the store", async () => {
    const { seen, limiter } = setup();
    const keys = [
      "a",
      "a\0",
      "a:minute",
      "",
      "__proto__",
      "\ud800",
      "\ud801",
      "x".repeat(100_000),
      `${"x".repeat(100_000)}y`,
    ];
    for (const key of keys) expect((await limiter.take(key, "minute", 10)).ok).toBe(true);
    expect(new Set(seen.increments).size).toBe(keys.length);
    for (const id of seen.increments) expect(id).toMatch(/^limits:rate:[\w-]{43}$/);
  });

  it("starts a new count when the window of a rule was changed", async () => {
    const store = memoryStore();
    const limiters = [60_000, 30_000].map((windowMs) =>
      createSharedRateLimiter({ store, rules: { calls: { limit: 1, windowMs } } }),
    );
    for (const limiter of limiters) expect((await limiter.take("a", "calls")).ok).toBe(true);
  });

  it.each([0, -1, 11, 1.5, Number.NaN])("refuses the impossible cost %d at once", (cost) => {
    const { limiter } = setup();
    expect(() => limiter.take("a", "minute", cost)).toThrow(RangeError);
  });

  it.each(["hour", "__proto__", ""])("refuses the rule %j, which does not exist", (rule) => {
    expect(() => setup().limiter.take("a", rule as never)).toThrow("no such rate rule");
  });

  it.each([
    ["rule", { rules: { calls: { limit: 1, windowMs: 1, brust: 1 } } }, '"burst"'],
    ["option", { rules: {}, ondegraded: () => {} }, '"onDegraded"'],
    ["local option", { rules: {}, local: { expectedReplica: 2 } }, '"expectedReplicas"'],
    ["count of replicas", { rules: {}, local: { expectedReplicas: 0 } }, "expectedReplicas"],
    ["limit", { rules: { calls: { limit: 1.5, windowMs: 1 } } }, "limit must be a whole number"],
    ["cost", { rules: { calls: { limit: 5, windowMs: 1, maxCost: 6 } } }, "could never pass"],
  ])("refuses a wrong %s at the start", (_, options, message) => {
    const store = memoryStore();
    expect(() => createSharedRateLimiter({ store, ...options } as never)).toThrow(message);
  });
});

describe("takeAll of a shared limiter", () => {
  const both = (cost = 1) => [{ key: "a", rule: "day", cost } as const, { key: "a", rule: "minute", cost } as const];

  it("passes only when all pass, and charges each once", async () => {
    const { seen, limiter } = setup();
    expect(await passes(() => limiter.takeAll(both()), 100)).toBe(10);
    expect(seen.increments).toHaveLength(20);
  });

  it("does not use up the day by calls that are refused for the minute", async () => {
    const { limiter } = setup();
    await limiter.take("a", "minute", 9);
    for (let i = 0; i < 100; i++) expect((await limiter.takeAll(both(2))).ok).toBe(false);
    expect((await limiter.take("a", "day", 20)).ok).toBe(true);
  });

  it("does not use up the minute by calls that are known to be refused for the day", async () => {
    const { limiter } = setup();
    await limiter.take("a", "day", 20);
    for (let i = 0; i < 100; i++)
      expect(await limiter.takeAll(both())).toEqual({ ok: false, retryAfterMs: DAY_MS, rule: "day" });
    expect((await limiter.take("a", "minute", 10)).ok).toBe(true);
  });

  it("never lets more than either limit pass when everyone asks at once", async () => {
    const { limiter } = setup();
    const decisions = await Promise.all(Array.from({ length: 400 }, () => limiter.takeAll(both())));
    expect(decisions.filter(({ ok }) => ok)).toHaveLength(10);
  });

  it("adds up charges of the same key and rule", async () => {
    const { seen, limiter } = setup();
    expect((await limiter.takeAll([...both(5), ...both(5)])).ok).toBe(true);
    expect(seen.increments).toHaveLength(2);
    expect((await limiter.take("a", "minute")).ok).toBe(false);
    expect(() => limiter.takeAll([...both(5), ...both(6)])).toThrow(RangeError);
  });
});

describe("when the store is away", () => {
  it("decides by a local limit, says so, and says once that it began and ended", async () => {
    const { seen, events, limiter } = setup();
    seen.fault = away();
    expect(await limiter.take("a", "minute")).toEqual({ ok: true, degraded: true });
    expect(await passes(() => limiter.take("a", "minute"), 20)).toBe(9);
    expect(await limiter.take("a", "minute")).toEqual({
      ok: false,
      retryAfterMs: 6000,
      rule: "minute",
      degraded: true,
    });
    seen.fault = undefined;
    expect(await limiter.take("a", "minute")).toEqual({ ok: true });
    expect(events).toEqual(["unavailable", "restored"]);
  });

  it.each([
    [5, 2],
    [100, 1],
  ])("allows its part of the limit when there are %d replicas", async (expectedReplicas, part) => {
    const { seen, limiter } = setup({ expectedReplicas });
    seen.fault = away();
    expect(await passes(() => limiter.take("a", "minute"), 20)).toBe(part);
    expect((await limiter.take("b", "minute", 10)).ok).toBe(true);
    expect((await limiter.take("b", "minute")).ok).toBe(false);
  });

  it("asks once and never again for a charge whose answer was lost", async () => {
    const { seen, limiter } = setup();
    seen.fault = away();
    seen.afterwards = true;
    await limiter.take("a", "minute", 3);
    expect(seen.increments).toHaveLength(1);
    seen.fault = undefined;
    expect(await passes(() => limiter.take("a", "minute"), 20)).toBe(7);
  });

  it("still refuses what the store refused before it went", async () => {
    const { seen, limiter } = setup();
    await limiter.take("a", "minute", 10);
    seen.fault = away();
    expect((await limiter.take("a", "minute")).ok).toBe(false);
    expect(limiter.peek("a", "minute").ok).toBe(false);
  });

  it("decides the rest of several charges alone when it goes in the middle", async () => {
    const { seen, limiter } = setup();
    seen.fault = away();
    const charges = [{ key: "a", rule: "minute" } as const, { key: "a", rule: "day" } as const];
    expect(await limiter.takeAll(charges)).toEqual({ ok: true, degraded: true });
    expect(seen.increments).toHaveLength(1);
  });

  it("peeks at the local limit", async () => {
    const { seen, limiter } = setup();
    seen.fault = away();
    await limiter.take("a", "minute", 10);
    expect(limiter.peek("a", "minute")).toEqual({ ok: false, retryAfterMs: 6000, rule: "minute", degraded: true });
    expect(limiter.peek("b", "minute")).toEqual({ ok: true, degraded: true });
  });

  it.each(["tampered", "invalid"] as const)("lets nothing pass when the store answers %s", async (code) => {
    const { seen, limiter, events } = setup();
    seen.fault = new StateError(code, "no");
    await expect(limiter.take("a", "minute")).rejects.toMatchObject({ code });
    await expect(limiter.takeAll([{ key: "a", rule: "day" }])).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });

  it.each([
    { value: Number.NaN, expiresInMs: 1000 },
    { value: -5, expiresInMs: 1000 },
    { value: 0, expiresInMs: 1000 },
    { value: 1, expiresInMs: Number.NaN },
    { value: 1, expiresInMs: -1 },
  ])("lets nothing pass when the count cannot be: %j", async (counted) => {
    const store: StateStore = { ...memoryStore(), increment: async () => counted };
    const limiter = createSharedRateLimiter({ store, rules: RULES });
    await expect(limiter.take("a", "minute")).rejects.toMatchObject({ code: "tampered" });
  });

  it("lets nothing pass when the store fails in a way nobody expected", async () => {
    const { seen, limiter } = setup();
    seen.fault = new TypeError("bug") as never;
    await expect(limiter.take("a", "minute")).rejects.toThrow("bug");
  });
});
