import { hash } from "node:crypto";

import { forgetIdlest } from "./forget-idlest.ts";
import type { RateDecision, RateRule } from "./rate-limiter.ts";

const ALLOWED: RateDecision = Object.freeze({ ok: true });

/** Longer keys are remembered by their digest: the count of keys is bounded, so their size must be too. */
const MAX_KEY_LENGTH = 128;

/** A token is due this part of its interval early, so that rounding never refuses the last one of a burst. */
const ROUNDING = 1e-5;

/** The keys of one rule. */
export interface Bucket {
  /** @param now milliseconds */
  take(key: string, cost: number, now: number): RateDecision;
}

/** @throws {RangeError} numbers that are not positive, named after the rule */
export function createBucket(name: string, rule: RateRule, maxKeys: number): Bucket {
  const burst = rule.burst ?? rule.limit;
  for (const [field, value] of Object.entries({ limit: rule.limit, windowMs: rule.windowMs, burst })) {
    if (!Number.isFinite(value) || value <= 0) throw new RangeError(`rate rule ${name}: ${field} must be positive`);
  }
  const interval = rule.windowMs / rule.limit;
  const tolerance = (burst + ROUNDING) * interval;
  /** When each key will have its whole burst again ("theoretical arrival time"). */
  const fullAt = new Map<string, number>();

  return {
    take(key, cost, now) {
      if (!(cost > 0 && cost <= burst)) throw new RangeError(`rate rule ${name}: cost must be in (0, ${burst}]`);
      const id = key.length > MAX_KEY_LENGTH ? hash("sha256", key, "base64url") : key;
      const known = fullAt.get(id);
      const next = Math.max(known ?? 0, now) + cost * interval;
      const wait = next - tolerance - now;
      if (wait > 0) return { ok: false, retryAfterMs: Math.ceil(wait) };
      if (known === undefined && fullAt.size >= maxKeys) forgetIdlest(fullAt, now);
      fullAt.set(id, next);
      return ALLOWED;
    },
  };
}
