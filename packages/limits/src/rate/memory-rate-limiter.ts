import { LIMIT_DEFAULTS } from "../defaults.ts";
import { type Bucket, createBucket } from "./bucket.ts";
import type { RateDecision, RateRule } from "./rate-limiter.ts";

export interface MemoryRateLimiterOptions<Rule extends string> {
  readonly rules: Readonly<Record<Rule, RateRule>>;
  /** Distinct keys remembered for each rule. Default: `LIMIT_DEFAULTS.rateMaxKeys`. */
  readonly maxKeys?: number;
  /** Milliseconds of a clock that never runs backwards. Default: `performance.now`. */
  readonly now?: () => number;
}

/** A {@link RateLimiter} that answers at once. */
export interface MemoryRateLimiter<Rule extends string = string> {
  take(key: string, rule: Rule, cost?: number): RateDecision;
}

/**
 * Limits rates within this process, by the generic cell rate algorithm (ITU-T I.371): one number for each key, no
 * timers, no window edge at which twice the limit passes.
 *
 * Memory is bounded: beyond `maxKeys` the keys with the most budget left are forgotten first. Refusing new keys instead
 * would let one sender with many addresses lock everyone else out; forgetting any other key would let it wash its own
 * record clean.
 *
 * @throws {RangeError} a rule whose numbers are not positive
 */
export function createRateLimiter<Rule extends string>(
  options: MemoryRateLimiterOptions<Rule>,
): MemoryRateLimiter<Rule> {
  const maxKeys = options.maxKeys ?? LIMIT_DEFAULTS.rateMaxKeys;
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) throw new RangeError("maxKeys must be a positive whole number");
  const clock = options.now ?? (() => performance.now());
  // Small times keep the fractions of a millisecond that a double of today's date has lost.
  const origin = clock();

  const buckets = new Map<string, Bucket>();
  for (const [name, rule] of Object.entries<RateRule>(options.rules)) {
    buckets.set(name, createBucket(name, rule, maxKeys));
  }

  return {
    take(key, rule, cost = 1) {
      const bucket = buckets.get(rule);
      if (bucket === undefined) throw new RangeError("no such rate rule");
      return bucket.take(key, cost, clock() - origin);
    },
  };
}
