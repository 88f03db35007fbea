import { type ConcurrencyOptions, LIMIT_DEFAULTS } from "../defaults.ts";
import { LimitError } from "../limit-error.ts";
import { type ConcurrencyGate, checkedOptions, createConcurrencyGate, type Release } from "./gate.ts";

export interface KeyedGatesOptions extends Partial<ConcurrencyOptions> {
  /** Distinct keys with a call running or waiting; one more key is refused. Default: 10,000. */
  readonly maxKeys?: number;
}

/** One {@link ConcurrencyGate} for each key, such as a principal or a tool. */
export interface KeyedGates {
  /** @throws {LimitError} as {@link ConcurrencyGate.enter}; `queue_full` also when too many keys are busy */
  enter(key: string, signal?: AbortSignal): Release | Promise<Release>;
  /** Keys with a call running or waiting now. */
  readonly size: number;
}

/**
 * Keeps one caller from using up the places of all others. A key is remembered only while it has a call running, so
 * memory follows the number of calls and not the number of callers ever seen.
 *
 * @throws {RangeError} as {@link createConcurrencyGate}
 */
export function createKeyedGates(options?: KeyedGatesOptions): KeyedGates {
  const maxKeys = options?.maxKeys ?? LIMIT_DEFAULTS.concurrencyMaxKeys;
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) throw new RangeError("maxKeys must be a whole number >= 1");
  const limits = checkedOptions(options);
  const gates = new Map<string, ConcurrencyGate>();

  function forgetWhenIdle(key: string, gate: ConcurrencyGate, release: Release): Release {
    return function releaseKeyed() {
      release();
      // The same key may have a new gate by now when this is a second release.
      if (gate.active === 0 && gates.get(key) === gate) gates.delete(key);
    };
  }

  return {
    enter(key, signal) {
      if (signal?.aborted) throw new LimitError("aborted");
      let gate = gates.get(key);
      if (gate === undefined) {
        if (gates.size >= maxKeys) throw new LimitError("queue_full");
        gate = createConcurrencyGate(limits);
        gates.set(key, gate);
      }
      const found = gate;
      const place = found.enter(signal);
      if (place instanceof Promise) return place.then((release) => forgetWhenIdle(key, found, release));
      return forgetWhenIdle(key, found, place);
    },
    get size() {
      return gates.size;
    },
  };
}
