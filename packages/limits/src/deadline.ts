import { LimitError } from "./limit-error.ts";

/** The longest time Node's timers hold; beyond it they fire at once, which would end every call. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time limit in force. Dispose of it when the work is done, or its timer stays until the deadline. */
export interface Deadline {
  /** Aborts at the deadline with a {@link LimitError} as reason, or with the parent and its reason. */
  readonly signal: AbortSignal;
  /** Whether the time is up, also in code that has blocked the event loop and kept the signal from firing. */
  expired(): boolean;
  [Symbol.dispose](): void;
}

/**
 * Starts a time limit. One controller, one timer and one listener, all removed on disposal: `AbortSignal.any` and
 * `AbortSignal.timeout` stay reachable from a long-lived parent until they fire.
 *
 * @param ms milliseconds, more than 0 and less than 2^31
 * @param parent aborts the deadline early
 * @throws {RangeError} `ms` out of range
 */
export function withDeadline(ms: number, parent?: AbortSignal): Deadline {
  if (!(ms > 0 && ms <= MAX_TIMER_MS)) throw new RangeError("ms must be more than 0 and less than 2^31");
  const controller = new AbortController();
  const end = performance.now() + ms;

  function dispose(): void {
    clearTimeout(timer);
    parent?.removeEventListener("abort", onParentAbort);
  }
  function onParentAbort(): void {
    dispose();
    controller.abort(parent?.reason);
  }
  const timer = setTimeout(function onDeadline() {
    dispose();
    controller.abort(new LimitError("deadline"));
  }, ms);

  if (parent?.aborted) onParentAbort();
  else parent?.addEventListener("abort", onParentAbort, { once: true });

  return {
    signal: controller.signal,
    expired: () => performance.now() >= end,
    [Symbol.dispose]: dispose,
  };
}
