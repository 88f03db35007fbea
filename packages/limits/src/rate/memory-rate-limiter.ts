import { LIMIT_DEFAULTS } from "../defaults.ts";
import { refuseUnknownKeys } from "../known-keys.ts";
import { type Bucket, createBucket } from "./bucket.ts";
import type { PeekableRateLimiter, RateCharge, RateDecision, RateRule } from "./rate-limiter.ts";
import { checkedRule, mergeCharges } from "./rule.ts";

const ALLOWED: RateDecision = Object.freeze({ ok: true });

export interface MemoryRateLimiterOptions<Rule extends string> {
  readonly rules: Readonly<Record<Rule, RateRule>>;
  /** Distinct keys remembered for each rule. Default: `LIMIT_DEFAULTS.rateMaxKeys`. */
  readonly maxKeys?: number;
  /** Milliseconds of a clock that never runs backwards. Default: `performance.now`. */
  readonly now?: () => number;
}

/** A {@link PeekableRateLimiter} that answers at once. A refused call is charged nothing, under any rule. */
export interface MemoryRateLimiter<Rule extends string = string> extends PeekableRateLimiter<Rule> {
  take(key: string, rule: Rule, cost?: number): RateDecision;
  takeAll(charges: readonly RateCharge<Rule>[]): RateDecision;
}

/**
 * Limits rates within this process, by the generic cell rate algorithm (ITU-T I.371): one number for each key, no
 * timers, no window edge at which twice the limit passes. A restart forgets what was spent; a daily budget that must
 * survive one belongs in shared state.
 *
 * Memory is bounded: beyond `maxKeys` the keys with the most budget left are forgotten first. Refusing new keys instead
 * would let one sender with many addresses lock everyone else out; forgetting any other key would let it wash its own
 * record clean.
 *
 * @throws {RangeError} an unknown option, a rule whose numbers are not positive, or one whose `maxCost` never passes
 */
export function createRateLimiter<Rule extends string>(
  options: MemoryRateLimiterOptions<Rule>,
): MemoryRateLimiter<Rule> {
  refuseUnknownKeys("createRateLimiter", options, { rules: true, maxKeys: true, now: true });
  const maxKeys = options.maxKeys ?? LIMIT_DEFAULTS.rateMaxKeys;
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) throw new RangeError("maxKeys must be a positive whole number");
  const clock = options.now ?? (() => performance.now());
  // Small times keep the fractions of a millisecond that a double of today's date has lost.
  const origin = clock();

  const buckets = new Map<string, Bucket>();
  for (const [name, rule] of Object.entries<RateRule>(options.rules)) {
    buckets.set(name, createBucket(checkedRule(name, rule), maxKeys));
  }
  function bucketOf(rule: string): Bucket {
    const bucket = buckets.get(rule);
    if (bucket === undefined) throw new RangeError("no such rate rule");
    return bucket;
  }

  return {
    take(key, rule, cost = 1) {
      const bucket = bucketOf(rule);
      const now = clock() - origin;
      const wait = bucket.wait(key, cost, now);
      if (wait > 0) return { ok: false, retryAfterMs: wait, rule };
      bucket.charge(key, cost, now);
      return ALLOWED;
    },
    takeAll(charges) {
      const now = clock() - origin;
      const merged = mergeCharges(charges);
      let longest = { wait: 0, rule: "" };
      for (const { key, rule, cost } of merged) {
        const wait = bucketOf(rule).wait(key, cost, now);
        if (wait > longest.wait) longest = { wait, rule };
      }
      if (longest.wait > 0) return { ok: false, retryAfterMs: longest.wait, rule: longest.rule };
      for (const { key, rule, cost } of merged) bucketOf(rule).charge(key, cost, now);
      return ALLOWED;
    },
    peek(key, rule, cost = 1) {
      const wait = bucketOf(rule).wait(key, cost, clock() - origin);
      return wait > 0 ? { ok: false, retryAfterMs: wait, rule } : ALLOWED;
    },
  };
}
