/** How often one key may act under one rule. */
export interface RateRule {
  /** Cost that may be spent in each window, on average. */
  readonly limit: number;
  /** Length of the window, in milliseconds. */
  readonly windowMs: number;
  /** Cost that may be spent at once after a rest. Default: `limit`. */
  readonly burst?: number;
}

/** `retryAfterMs` is the wait, in whole milliseconds, after which the same request would pass if nothing else came. */
export type RateDecision = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/**
 * Says whether `key` may act now under `rule`. A shared store answers later, memory answers at once.
 *
 * @throws {RangeError} a rule that does not exist, or a cost that is not a positive number up to the rule's burst:
 * both are mistakes of the caller, and letting them pass would switch the limit off
 */
export interface RateLimiter<Rule extends string = string> {
  take(key: string, rule: Rule, cost?: number): RateDecision | Promise<RateDecision>;
}
