/**
 * Why a call was not let in or not waited for.
 *
 * - `queue_full` as many calls run and wait as may
 * - `wait_timeout` no place became free in time
 * - `deadline` the call ran longer than it may
 * - `aborted` the caller went away
 */
export type LimitErrorCode = "queue_full" | "wait_timeout" | "deadline" | "aborted";

const MESSAGES: Readonly<Record<LimitErrorCode, string>> = {
  queue_full: "Too many calls are running and waiting.",
  wait_timeout: "No place became free in time.",
  deadline: "The call took longer than allowed.",
  aborted: "The call was aborted by its caller.",
};

/** A limit refused or ended a call. `code` is stable; the message is fixed text and safe to show. */
export class LimitError extends Error {
  override readonly name = "LimitError";
  readonly code: LimitErrorCode;

  constructor(code: LimitErrorCode, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.code = code;
  }
}
