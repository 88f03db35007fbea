import { hash } from "node:crypto";

import { forgetIdlest } from "./forget-idlest.ts";
import { type CheckedRule, refuseImpossibleCost } from "./rule.ts";

/** Longer keys are remembered by their digest: the count of keys is bounded, so their size must be too. */
const MAX_KEY_LENGTH = 128;

/** A token is due this part of its interval early, so that rounding never refuses the last one of a burst. */
const ROUNDING = 1e-5;

/** At most this many milliseconds early, or a daily budget of one would be back a second too soon. */
const MAX_ROUNDING_MS = 0.01;

/** The keys of one rule. Times are milliseconds. */
export interface Bucket {
  /** Time until `cost` would pass; `0`: it passes now. Charges nothing. */
  wait(key: string, cost: number, now: number): number;
  /** Charges `cost`, whether or not it would pass. */
  charge(key: string, cost: number, now: number): void;
}

export function createBucket(rule: CheckedRule, maxKeys: number): Bucket {
  const interval = rule.windowMs / rule.limit;
  const tolerance = rule.burst * interval + Math.min(ROUNDING * interval, MAX_ROUNDING_MS);
  /** When each key will have its whole burst again ("theoretical arrival time"). */
  const fullAt = new Map<string, number>();

  return {
    wait(key, cost, now) {
      refuseImpossibleCost(rule, cost);
      const next = Math.max(fullAt.get(idOf(key)) ?? 0, now) + cost * interval;
      return Math.max(0, Math.ceil(next - tolerance - now));
    },
    charge(key, cost, now) {
      const id = idOf(key);
      const known = fullAt.get(id);
      if (known === undefined && fullAt.size >= maxKeys) forgetIdlest(fullAt, now);
      fullAt.set(id, Math.max(known ?? 0, now) + cost * interval);
    },
  };
}

function idOf(key: string): string {
  return key.length > MAX_KEY_LENGTH ? hash("sha256", key, "base64url") : key;
}
