import { LimitError } from "../limit-error.ts";

/** One call in the queue. */
export interface Waiter {
  admit(release: () => void): void;
}

interface WaiterOptions {
  readonly maxWaitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (release: () => void) => void;
  readonly reject: (error: LimitError) => void;
  /** Takes the waiter out of the queue. */
  readonly leave: () => void;
}

/** Whatever ends the wait first also removes the timer, the listener and the place in the queue. */
export function createWaiter({ maxWaitMs, signal, resolve, reject, leave }: WaiterOptions): Waiter {
  function settle(): void {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    leave();
  }
  function onAbort(): void {
    settle();
    reject(new LimitError("aborted"));
  }
  const timer = setTimeout(function onTimeout() {
    settle();
    reject(new LimitError("wait_timeout"));
  }, maxWaitMs);
  signal?.addEventListener("abort", onAbort, { once: true });

  return {
    admit(release) {
      settle();
      resolve(release);
    },
  };
}
