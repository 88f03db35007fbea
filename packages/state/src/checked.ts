import { BOUNDS } from "./defaults.ts";
import type { Driver } from "./driver.ts";
import { unavailable } from "./driver-error.ts";
import { checkBy, checkKey, checkLimit, checkPrefix, checkTtl, checkValue } from "./input/bounds.ts";
import { StateError } from "./state-error.ts";
import type { StateStore } from "./store.ts";

/** The outermost layer of every store: bounds before anything else, one kind of error, nothing after `close`. */
export function checkedStore(driver: Driver): StateStore {
  let closing: Promise<void> | undefined;

  async function carryOut<T>(check: () => void, operation: () => Promise<T>): Promise<T> {
    check();
    if (closing) throw new StateError("unavailable", "The state store was closed.");
    try {
      return await operation();
    } catch (error) {
      throw unavailable(error);
    }
  }

  return {
    get(key) {
      return carryOut(
        () => checkKey(key),
        () => driver.get(key),
      );
    },
    put(key, value, { ttlMs }) {
      return carryOut(
        () => checkEntry(key, value, ttlMs),
        () => driver.put(key, value, ttlMs),
      );
    },
    putIfAbsent(key, value, { ttlMs }) {
      return carryOut(
        () => checkEntry(key, value, ttlMs),
        () => driver.putIfAbsent(key, value, ttlMs),
      );
    },
    compareAndDelete(key, value) {
      return carryOut(
        () => {
          checkKey(key);
          checkValue(value);
        },
        () => driver.compareAndDelete(key, value),
      );
    },
    increment(key, by, { ttlMs }) {
      return carryOut(
        () => {
          checkKey(key);
          checkBy(by);
          checkTtl(ttlMs);
        },
        () => driver.increment(key, by, ttlMs),
      );
    },
    list(prefix, { after, limit = BOUNDS.listLimit } = {}) {
      return carryOut(
        () => {
          checkPrefix(prefix);
          if (after !== undefined) checkKey(after);
          checkLimit(limit);
        },
        () => driver.list(prefix, after, limit),
      );
    },
    delete(key) {
      return carryOut(
        () => checkKey(key),
        () => driver.delete(key),
      );
    },
    close() {
      closing ??= driver.close();
      return closing;
    },
  };
}

function checkEntry(key: string, value: string, ttlMs: number): void {
  checkKey(key);
  checkValue(value);
  checkTtl(ttlMs);
}
