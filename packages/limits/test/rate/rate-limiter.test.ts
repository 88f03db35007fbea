import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRateLimiter } from "../../src/rate/memory-rate-limiter.ts";
import type { RateLimiter, RateRule } from "../../src/rate/rate-limiter.ts";

const DAY_MS = 86_400_000;

function limiterAt(rule: RateRule, maxKeys?: number) {
  const clock = { now: 1_000_000 };
  const limiter = createRateLimiter({ rules: { calls: rule }, now: () => clock.now, ...(maxKeys ? { maxKeys } : {}) });
  return { clock, limiter, take: (key: string, cost?: number) => limiter.take(key, "calls", cost) };
}

describe("createRateLimiter", () => {
  it("lets the burst pass, then tells when to come back, and means it", () => {
    const { clock, take } = limiterAt({ limit: 3, windowMs: 1000 });
    for (let i = 0; i < 3; i++) expect(take("a")).toEqual({ ok: true });
    const refused = take("a");
    expect(refused).toEqual({ ok: false, retryAfterMs: 334, rule: "calls" });
    clock.now += 333;
    expect(take("a").ok).toBe(false);
    clock.now += 1;
    expect(take("a").ok).toBe(true);
  });

  it("counts each key and each rule for itself", () => {
    const limiter = createRateLimiter({ rules: { a: { limit: 1, windowMs: 1000 }, b: { limit: 1, windowMs: 1000 } } });
    expect([limiter.take("k", "a").ok, limiter.take("k", "b").ok, limiter.take("l", "a").ok]).toEqual([
      true,
      true,
      true,
    ]);
    expect(limiter.take("k", "a").ok).toBe(false);
  });

  it("takes costs and a burst of its own", () => {
    const { clock, take } = limiterAt({ limit: 60, windowMs: 60_000, burst: 10 });
    expect(take("a", 10).ok).toBe(true);
    expect(take("a", 5)).toEqual({ ok: false, retryAfterMs: 5000, rule: "calls" });
    clock.now += 5000;
    expect(take("a", 5).ok).toBe(true);
  });

  it("never lets more than burst plus rate pass in any stretch of time", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (steps) => {
        const { clock, take } = limiterAt({ limit: 5, windowMs: 1000 });
        const passed: number[] = [];
        for (const step of steps) {
          clock.now += step;
          if (take("a").ok) passed.push(clock.now);
        }
        for (const [i, from] of passed.entries()) {
          for (const [j, to] of passed.slice(i).entries())
            expect(j + 1).toBeLessThanOrEqual(5 + ((to - from) * 5) / 1000 + 0.01);
        }
      }),
    );
  });

  it("does not earn by a clock that runs backwards", () => {
    const { clock, take } = limiterAt({ limit: 1, windowMs: 1000 });
    take("a");
    clock.now -= 100_000;
    expect(take("a").ok).toBe(false);
  });

  it("forgets the keys with the most budget left when a flood of keys comes", () => {
    const { clock, take } = limiterAt({ limit: 10, windowMs: 1000 }, 100);
    for (let i = 0; i < 10; i++) take("spent");
    for (let i = 0; i < 10_000; i++) {
      clock.now += 0.001;
      expect(take(`new-${i}`).ok).toBe(true);
    }
    expect(take("spent").ok).toBe(false);
  });

  it("takes keys of any length and name", () => {
    const { take } = limiterAt({ limit: 1, windowMs: 1000 });
    for (const key of ["__proto__", "", "x".repeat(1_000_000), `${"x".repeat(999_999)}y`]) {
      expect(take(key).ok).toBe(true);
      expect(take(key).ok).toBe(false);
    }
  });

  it.each([0, -1, 4, Number.NaN])("refuses the impossible cost %d", (cost) => {
    const { take } = limiterAt({ limit: 3, windowMs: 1000 });
    expect(() => take("a", cost)).toThrow(RangeError);
  });

  it("refuses a rule that does not exist", () => {
    const limiter: RateLimiter = limiterAt({ limit: 3, windowMs: 1000 }).limiter;
    expect(() => limiter.take("a", "call")).toThrow(RangeError);
    expect(() => limiter.take("a", "__proto__")).toThrow(RangeError);
  });

  it.each([
    { limit: 0, windowMs: 1 },
    { limit: 1, windowMs: -1 },
    { limit: Number.POSITIVE_INFINITY, windowMs: 1 },
    { limit: 1, windowMs: 1, burst: 0 },
    { limit: 1, windowMs: 1, maxCost: 0 },
  ])("refuses the rule %j", (rule) => {
    expect(() => limiterAt(rule)).toThrow(/rate rule calls/);
  });

  it("refuses a cost that could never pass when it starts, not at the call", () => {
    expect(() => limiterAt({ limit: 60, windowMs: 1, burst: 5, maxCost: 6 })).toThrow(
      /a call that costs 6 could never/,
    );
  });

  it.each([
    ["rule", () => limiterAt({ limit: 5, windowMs: 1000, brust: 1 } as never), "burst"],
    ["options", () => createRateLimiter({ rules: {}, maxkeys: 1 } as never), "maxKeys"],
  ])("refuses a misspelt option of the %s and names the right one", (_, start, right) => {
    expect(start).toThrow(`Did you mean "${right}"?`);
  });

  it("keeps a daily budget through the day and gives it back at its pace", () => {
    const { clock, take } = limiterAt({ limit: 24, windowMs: DAY_MS });
    for (let i = 0; i < 24; i++) expect(take("a").ok).toBe(true);
    expect(take("a")).toEqual({ ok: false, retryAfterMs: DAY_MS / 24, rule: "calls" });
    clock.now += DAY_MS / 24 - 1;
    expect(take("a").ok).toBe(false);
    clock.now += 1;
    expect(take("a").ok).toBe(true);
    expect(take("a").ok).toBe(false);
  });

  it("lets a daily budget of one pass once a day and not a moment sooner", () => {
    const { clock, take } = limiterAt({ limit: 1, windowMs: DAY_MS });
    take("a");
    clock.now += DAY_MS - 1;
    expect(take("a")).toEqual({ ok: false, retryAfterMs: 1, rule: "calls" });
    clock.now += 1;
    expect(take("a").ok).toBe(true);
  });

  it("counts large daily budgets to the last unit", () => {
    const { take } = limiterAt({ limit: 100_000, windowMs: DAY_MS });
    let passed = 0;
    for (let i = 0; i < 100_100; i++) if (take("a").ok) passed++;
    expect(passed).toBe(100_000);
  });

  it("peeks without charging", () => {
    const { limiter, take } = limiterAt({ limit: 2, windowMs: 1000 });
    for (let i = 0; i < 10; i++) expect(limiter.peek("a", "calls")).toEqual({ ok: true });
    take("a", 2);
    expect(limiter.peek("a", "calls")).toEqual({ ok: false, retryAfterMs: 500, rule: "calls" });
    expect(limiter.peek("a", "calls", 2)).toEqual({ ok: false, retryAfterMs: 1000, rule: "calls" });
  });
});

describe("takeAll", () => {
  const rules = { minute: { limit: 3, windowMs: 60_000 }, day: { limit: 5, windowMs: DAY_MS } };
  const both = (cost?: number) =>
    (["minute", "day"] as const).map((rule) => ({ key: "a", rule, ...(cost === undefined ? {} : { cost }) }));

  function limiter() {
    const clock = { now: 0 };
    return { clock, ...createRateLimiter({ rules, now: () => clock.now }) };
  }

  it("charges every rule once when all pass", () => {
    const { takeAll, peek } = limiter();
    expect(takeAll(both(3))).toEqual({ ok: true });
    expect([peek("a", "minute").ok, peek("a", "day", 2).ok, peek("a", "day", 3).ok]).toEqual([false, true, false]);
  });

  it.each([
    ["first", ["minute", "day"]],
    ["last", ["day", "minute"]],
  ] as const)("charges nothing anywhere when the %s rule refuses", (_, order) => {
    const { takeAll, take, peek } = limiter();
    take("a", "minute", 3);
    for (let i = 0; i < 100; i++) expect(takeAll(order.map((rule) => ({ key: "a", rule }))).ok).toBe(false);
    expect(peek("a", "day", 5).ok).toBe(true);
  });

  it("answers with the longest wait", () => {
    const { takeAll, take } = limiter();
    take("a", "minute", 3);
    take("a", "day", 5);
    expect(takeAll(both())).toEqual({ ok: false, retryAfterMs: DAY_MS / 5, rule: "day" });
  });

  it("adds up charges of the same key and rule, which each alone would pass", () => {
    const { takeAll, take, peek } = limiter();
    take("a", "day", 2);
    const twice = [
      { key: "a", rule: "day", cost: 2 },
      { key: "a", rule: "day", cost: 2 },
    ] as const;
    expect(takeAll(twice).ok).toBe(false);
    expect(peek("a", "day", 3).ok).toBe(true);
    expect(takeAll(twice.slice(1)).ok).toBe(true);
    expect(peek("a", "day", 2).ok).toBe(false);
  });

  it("charges nothing when one of the charges is a mistake", () => {
    const { takeAll, peek } = limiter();
    expect(() =>
      takeAll([
        { key: "a", rule: "day", cost: 5 },
        { key: "a", rule: "minute", cost: 4 },
      ]),
    ).toThrow(RangeError);
    expect(peek("a", "day", 5).ok).toBe(true);
  });

  it("passes when there is nothing to charge", () => {
    expect(limiter().takeAll([])).toEqual({ ok: true });
  });
});
