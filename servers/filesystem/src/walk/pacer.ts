import { setImmediate } from "node:timers/promises";

/** Milliseconds of uninterrupted work; what other calls, cancels and deadlines then wait at most. */
const SLICE_MS = 8;

/** Shares the event loop: a search is synchronous inside, and must not keep anything else waiting. */
export interface Pacer {
  /** Time to {@link rest}. Cheap enough to ask for every entry. */
  due(): boolean;
  /** Lets everything else run. @throws the signal's reason once it has aborted */
  rest(): Promise<void>;
  /** Milliseconds since the start. */
  elapsed(): number;
}

export function createPacer(signal: AbortSignal): Pacer {
  const start = performance.now();
  let last = start;
  return {
    due: () => performance.now() - last >= SLICE_MS,
    rest: async () => {
      await setImmediate();
      signal.throwIfAborted();
      last = performance.now();
    },
    elapsed: () => performance.now() - start,
  };
}
