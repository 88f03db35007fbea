import { refuseUnknownKeys } from "../known-keys.ts";
import { addressKey } from "./address-key.ts";
import { createRateLimiter } from "./memory-rate-limiter.ts";
import type { PeekableRateLimiter, RateRule } from "./rate-limiter.ts";

/** Failures counted in this process. */
export interface FailureThrottleOptions extends RateRule {
  /** Addresses remembered. Default: `LIMIT_DEFAULTS.rateMaxKeys`. */
  readonly maxKeys?: number;
  /** As in {@link addressKey}. Default: 64. */
  readonly ipv6PrefixBits?: number;
}

/** Failures counted by a limiter that exists, such as one that replicas share. */
export interface SharedFailureThrottleOptions<Rule extends string> {
  readonly limiter: PeekableRateLimiter<Rule>;
  readonly rule: Rule;
  readonly ipv6PrefixBits?: number;
}

/** Slows whoever guesses. Successes cost nothing, so a busy client with good tokens never meets it. */
export interface FailureThrottle {
  /** Milliseconds until the address may try again; `undefined`: now. Charges nothing, waits for nothing. */
  isBlocked(address: string): number | undefined;
  /** Counts one failure. */
  failed(address: string): void;
}

export interface SharedFailureThrottle {
  /** As {@link FailureThrottle.isBlocked}; blocks by other replicas are known from this replica's next failure on. */
  isBlocked(address: string): number | undefined;
  /**
   * Counts one failure. Await it: it rejects as the limiter does, and a rejection nobody takes ends the process.
   */
  failed(address: string): Promise<void>;
}

/**
 * Limits failed authentication by address (an IPv6 network counts as one, see {@link addressKey}).
 *
 * @throws {RangeError} an unknown option or an impossible rule
 */
export function createFailureThrottle(options: FailureThrottleOptions): FailureThrottle;
export function createFailureThrottle<Rule extends string>(
  options: SharedFailureThrottleOptions<Rule>,
): SharedFailureThrottle;
export function createFailureThrottle(
  options: FailureThrottleOptions | SharedFailureThrottleOptions<string>,
): FailureThrottle | SharedFailureThrottle {
  const keyOf = keyedBy(options.ipv6PrefixBits);
  if (!("limiter" in options)) {
    refuseUnknownKeys("createFailureThrottle", options, {
      limit: true,
      windowMs: true,
      burst: true,
      maxCost: true,
      maxKeys: true,
      ipv6PrefixBits: true,
    });
    const { maxKeys, ipv6PrefixBits: _, ...rule } = options;
    const limiter = createRateLimiter({ rules: { failure: rule }, ...(maxKeys === undefined ? {} : { maxKeys }) });
    return {
      isBlocked: (address) => blockedFor(limiter, keyOf(address), "failure"),
      failed: (address) => void limiter.take(keyOf(address), "failure"),
    };
  }
  refuseUnknownKeys("createFailureThrottle", options, { limiter: true, rule: true, ipv6PrefixBits: true });
  const { limiter, rule } = options;
  limiter.peek("", rule); // a rule that does not exist is found now and not by the first attacker
  return {
    isBlocked: (address) => blockedFor(limiter, keyOf(address), rule),
    failed: async (address) => void (await limiter.take(keyOf(address), rule)),
  };
}

function keyedBy(ipv6PrefixBits: number | undefined): (address: string) => string {
  const options = ipv6PrefixBits === undefined ? {} : { ipv6PrefixBits };
  addressKey("::", options);
  return (address) => addressKey(address, options);
}

function blockedFor(limiter: PeekableRateLimiter, key: string, rule: string): number | undefined {
  const decision = limiter.peek(key, rule);
  return decision.ok ? undefined : decision.retryAfterMs;
}
