import { type ConcurrencyOptions, LIMIT_DEFAULTS } from "../defaults.ts";
import { LimitError } from "../limit-error.ts";
import { createWaiter, type Waiter } from "./waiter.ts";

/** Gives the place back. Calling it again does nothing. */
export type Release = () => void;

/** Lets a bounded number of calls run, a bounded number wait, and refuses the rest. */
export interface ConcurrencyGate {
  /**
   * A place, at once when one is free, else a promise of one. The caller must release it, in a `finally`.
   *
   * @param signal stops the wait; no effect once the place is given
   * @throws {LimitError} `queue_full` and, before waiting, `aborted` at once; `wait_timeout`, `aborted` as a rejection
   */
  enter(signal?: AbortSignal): Release | Promise<Release>;
  /** Calls running now. */
  readonly active: number;
  /** Calls waiting now. */
  readonly waiting: number;
}

/**
 * Without a bound on running calls one caller's slow requests take every file handle and connection; without a bound on
 * waiting ones they take the memory instead.
 *
 * @param options overrides of `LIMIT_DEFAULTS.concurrency`
 * @throws {RangeError} `max` below 1, or a number that is not whole or negative
 */
export function createConcurrencyGate(options?: Partial<ConcurrencyOptions>): ConcurrencyGate {
  const { max, queue, maxWaitMs } = checkedOptions(options);
  // A Set keeps the order of arrival and lets a waiter that gave up leave from the middle at no cost.
  const waiters = new Set<Waiter>();
  let active = 0;

  function createRelease(): Release {
    let released = false;
    return function release() {
      if (released) return;
      released = true;
      const [next] = waiters;
      if (next === undefined) active--;
      else next.admit(createRelease());
    };
  }

  return {
    enter(signal) {
      if (signal?.aborted) throw new LimitError("aborted");
      if (active < max) {
        active++;
        return createRelease();
      }
      if (waiters.size >= queue) throw new LimitError("queue_full");
      return new Promise((resolve, reject) => {
        const waiter = createWaiter({ maxWaitMs, signal, resolve, reject, leave: () => waiters.delete(waiter) });
        waiters.add(waiter);
      });
    },
    get active() {
      return active;
    },
    get waiting() {
      return waiters.size;
    },
  };
}

/** @throws {RangeError} */
export function checkedOptions(options: Partial<ConcurrencyOptions> | undefined): ConcurrencyOptions {
  const checked = { ...LIMIT_DEFAULTS.concurrency, ...options };
  for (const [name, value, least] of [
    ["max", checked.max, 1],
    ["queue", checked.queue, 0],
    ["maxWaitMs", checked.maxWaitMs, 0],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least)
      throw new RangeError(`${name} must be a whole number >= ${least}`);
  }
  return checked;
}
