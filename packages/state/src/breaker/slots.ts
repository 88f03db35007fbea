import { StateError } from "../state-error.ts";

/** Places for operations under way; those that find none wait in the order they came. */
export interface Slots {
  /**
   * @returns gives the place back
   * @throws {StateError} `unavailable`: none came free in time
   */
  take(): Promise<() => void>;
}

/**
 * A burst of callers waits here, before its operations are timed: a queue in front of a few connections says that the
 * server is busy, and nothing about the store. Timed with it, a burst would make a healthy store look away, and every
 * replica go by its own limits.
 *
 * @param waitMs how long one may wait for a place
 */
export function createSlots(count: number, waitMs: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  function release(): void {
    const [next] = waiting;
    if (next === undefined) free++;
    else {
      waiting.delete(next);
      next();
    }
  }

  return {
    async take() {
      if (free > 0) free--;
      else await turn();
      return release;
    },
  };

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        if (!waiting.delete(mine)) return;
        reject(new StateError("unavailable", `The state store is busy: nothing came free within ${waitMs} ms.`));
      }, waitMs);
      waiting.add(mine);
    });
  }
}
