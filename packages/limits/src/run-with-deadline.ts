import { withDeadline } from "./deadline.ts";
import { LIMIT_DEFAULTS } from "./defaults.ts";
import { LimitError } from "./limit-error.ts";

export interface RunOptions {
  /** Milliseconds. Default: `LIMIT_DEFAULTS.deadlineMs`. */
  readonly ms?: number;
  /** The caller's own signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `run` and stops waiting for it at the deadline, even when it ignores the signal it is given. A result or failure
 * that comes later is dropped: nobody is left to receive it, and a late rejection must not end the process.
 *
 * It cannot interrupt code that never yields; what must be stopped for certain belongs in a child process.
 *
 * @throws {LimitError} `deadline`; `aborted` when the caller's signal fires, or has fired before the start
 * @throws {RangeError} `ms` out of range
 */
export function runWithDeadline<T>(
  run: (signal: AbortSignal) => T | PromiseLike<T>,
  { ms = LIMIT_DEFAULTS.deadlineMs, signal: parent }: RunOptions = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (parent?.aborted) throw new LimitError("aborted", { cause: parent.reason });
    const deadline = withDeadline(ms, parent);
    const { signal } = deadline;

    function onAbort(): void {
      const { reason } = signal;
      // The parent may itself end by a deadline of ours; to this caller that is an abort all the same.
      reject(parent?.aborted ? new LimitError("aborted", { cause: reason }) : reason);
    }
    function settle<V>(finish: (value: V) => void): (value: V) => void {
      return function onSettled(value) {
        deadline[Symbol.dispose]();
        signal.removeEventListener("abort", onAbort);
        finish(value);
      };
    }
    signal.addEventListener("abort", onAbort, { once: true });

    try {
      Promise.resolve(run(signal)).then(settle(resolve), settle(reject));
    } catch (error) {
      settle(reject)(error);
    }
  });
}
