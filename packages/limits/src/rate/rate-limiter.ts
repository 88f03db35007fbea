/** How often one key may act under one rule. */
export interface RateRule {
  /** Cost that may be spent in each window, on average. */
  readonly limit: number;
  /** Length of the window, in milliseconds. A daily budget is 86,400,000. */
  readonly windowMs: number;
  /** Cost that may be spent at once after a rest. Default: `limit`. */
  readonly burst?: number;
  /** The highest cost that will ever be asked for: one that could never pass is an error at the start, not at a call. */
  readonly maxCost?: number;
}

/**
 * `retryAfterMs` is the wait, in whole milliseconds, after which the same request would pass if nothing else came; `rule`
 * is the one that asks for it.
 * `degraded` is there when the shared store was away and this process decided alone: refuse what must not exceed the
 * shared limit, such as writes.
 */
export type RateDecision =
  | { readonly ok: true; readonly degraded?: true }
  | { readonly ok: false; readonly retryAfterMs: number; readonly rule: string; readonly degraded?: true };

/** One of the costs of a call: `cost` (default 1) of `key` under `rule`. */
export interface RateCharge<Rule extends string = string> {
  readonly key: string;
  readonly rule: Rule;
  readonly cost?: number;
}

/**
 * Says whether `key` may act now under `rule`. A shared store answers later, memory answers at once.
 *
 * Both methods throw {RangeError} for a rule that does not exist, or a cost that is not a positive number up to the
 * rule's burst: both are mistakes of the caller, and letting them pass would switch the limit off.
 */
export interface RateLimiter<Rule extends string = string> {
  take(key: string, rule: Rule, cost?: number): RateDecision | Promise<RateDecision>;
  /**
   * Takes several at once, such as a call's share of the minute and of the day: passes only when all pass. Charges for
   * the same key and rule are added up. What a refused call is charged, each limiter says.
   */
  takeAll(charges: readonly RateCharge<Rule>[]): RateDecision | Promise<RateDecision>;
}

/** A limiter that can also say what it knows without charging anything. */
export interface PeekableRateLimiter<Rule extends string = string> extends RateLimiter<Rule> {
  /** What {@link RateLimiter.take} would answer now, as far as this process knows. */
  peek(key: string, rule: Rule, cost?: number): RateDecision;
}
