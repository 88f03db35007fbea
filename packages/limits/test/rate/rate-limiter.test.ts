import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRateLimiter } from "../../src/rate/memory-rate-limiter.ts";
import type { RateLimiter } from "../../src/rate/rate-limiter.ts";

function limiterAt(rule: { limit: number; windowMs: number; burst?: number }, maxKeys?: number) {
  const clock = { now: 1_000_000 };
  const limiter = createRateLimiter({ rules: { calls: rule }, now: () => clock.now, ...(maxKeys ? { maxKeys } : {}) });
  return { clock, limiter, take: (key: string, cost?: number) => limiter.take(key, "calls", cost) };
}

describe("createRateLimiter", () => {
  it("lets the burst pass, then tells when to come back, and means it", () => {
    const { clock, take } = limiterAt({ limit: 3, windowMs: 1000 });
    for (let i = 0; i < 3; i++) expect(take("a")).toEqual({ ok: true });
    const refused = take("a");
    expect(refused).toEqual({ ok: false, retryAfterMs: 334 });
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
    expect(take("a", 5)).toEqual({ ok: false, retryAfterMs: 5000 });
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
  ])("refuses the rule %j", (rule) => {
    expect(() => limiterAt(rule)).toThrow(/rate rule calls/);
  });
});
