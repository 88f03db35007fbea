/// <reference path="./rate-limiter-flexible.d.cts" />
import { type Counted, StateError, type StateStore } from "@hardened-mcp/state";
import RateLimiterRes from "rate-limiter-flexible/lib/RateLimiterRes.js";
import RateLimiterStoreAbstract from "rate-limiter-flexible/lib/RateLimiterStoreAbstract.js";

/** What the store counted, and whether it was within the limit. */
export interface Consumed extends Counted {
  readonly ok: boolean;
}

/** Counts one rule in the store. */
export interface StoreCounter {
  /**
   * Adds `cost` exactly once: a charge whose answer was lost may have counted, and a second one would count twice.
   *
   * @throws {StateError} as {@link StateStore.increment}; `tampered` also for a count that cannot be
   */
  consume(id: string, cost: number): Promise<Consumed>;
}

export function createStoreCounter(store: StateStore, points: number, windowMs: number): StoreCounter {
  const limiter = new StateRateLimiter(store, points, windowMs);
  return {
    async consume(id, cost) {
      const { result, ok } = await outcome(limiter.consume(id, cost));
      return { ok, value: result.consumedPoints, expiresInMs: result.msBeforeNext };
    },
  };
}

/** The library refuses by rejecting, with something that is no error. */
async function outcome(consumed: Promise<RateLimiterRes>): Promise<{ result: RateLimiterRes; ok: boolean }> {
  try {
    return { result: await consumed, ok: true };
  } catch (error) {
    if (error instanceof RateLimiterRes) return { result: error, ok: false };
    throw error;
  }
}

/**
 * The library's way to bring a store. Left off on purpose: its block in memory keeps every key and goes by the wall
 * clock, its insurance hides that the store was away, and its rewards can fall into a window that has begun anew, which
 * would let more pass than the limit.
 */
class StateRateLimiter extends RateLimiterStoreAbstract<Counted> {
  readonly #store: StateStore;
  readonly #windowMs: number;

  constructor(store: StateStore, points: number, windowMs: number) {
    super({ points, duration: windowMs / 1000, keyPrefix: "" });
    this.#store = store;
    this.#windowMs = windowMs;
  }

  protected override _upsert(key: string, points: number): Promise<Counted> {
    return this.#store.increment(key, points, { ttlMs: this.#windowMs });
  }

  protected override _getRateLimiterRes(_key: string, changedPoints: number, counted: Counted): RateLimiterRes {
    const { value, expiresInMs } = counted;
    // The library compares with `>`, which a count that is no number passes.
    if (!(value >= changedPoints && expiresInMs >= 0)) {
      throw new StateError(
        "tampered",
        "The state store answered with a count that cannot be: less than was just added.",
      );
    }
    return new RateLimiterRes(Math.max(0, this.points - value), expiresInMs, value, value === changedPoints);
  }
}
