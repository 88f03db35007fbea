import type { Call } from "../define/call.ts";
import type { ProgressSink } from "./request.ts";

/** Shortest time between two progress messages of one call, in milliseconds; a tight loop must not flood the client. */
const MIN_INTERVAL_MS = 100;

const silent: Call["progress"] = () => {};

/**
 * Progress for one call. Values that do not rise are dropped, since the specification forbids sending them, and nothing
 * is sent once the call has ended (spec: basic/utilities/progress).
 */
export function progressReporter(sink: ProgressSink | undefined, signal: AbortSignal): Call["progress"] {
  if (sink === undefined) return silent;
  let last = Number.NEGATIVE_INFINITY;
  let sentAt = Number.NEGATIVE_INFINITY;
  return function progress(done, total, message) {
    const now = performance.now();
    const complete = total !== undefined && done >= total;
    if (signal.aborted || !(done > last) || (now - sentAt < MIN_INTERVAL_MS && !complete)) return;
    last = done;
    sentAt = now;
    sink.send({
      progress: done,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    });
  };
}
