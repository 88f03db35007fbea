import type { Redactor } from "@hardened-mcp/redact";
import type { Call } from "../define/call.ts";
import type { ProgressSink } from "./request.ts";

/** Shortest time between two progress messages of one call, in milliseconds; a tight loop must not flood the client. */
const MIN_INTERVAL_MS = 100;
/** Longest message, in characters. */
const MAX_MESSAGE = 1_024;

/** Progress of one call, until it ends. */
export interface ProgressReporter {
  readonly report: Call["progress"];
  /** The call has its answer: from now on nothing is sent. */
  end(): void;
}

const silent: ProgressReporter = { report: () => {}, end: () => {} };

/**
 * Progress for one call. Values that do not rise are dropped, since the specification forbids sending them, and nothing
 * is sent once the call has ended (spec: basic/utilities/progress). Its message is an output like any other: redacted.
 */
export function progressReporter(sink: ProgressSink | undefined, redactor: Redactor): ProgressReporter {
  if (sink === undefined) return silent;
  let last = Number.NEGATIVE_INFINITY;
  let sentAt = Number.NEGATIVE_INFINITY;
  let ended = false;
  return {
    report(done, total, message) {
      const now = performance.now();
      const complete = total !== undefined && done >= total;
      if (ended || !Number.isFinite(done) || !(done > last)) return;
      if (now - sentAt < MIN_INTERVAL_MS && !complete) return;
      last = done;
      sentAt = now;
      sink.send({
        progress: done,
        ...(Number.isFinite(total) ? { total: total as number } : {}),
        ...(message === undefined ? {} : { message: redactor.text(String(message).slice(0, MAX_MESSAGE)) }),
      });
    },
    end() {
      ended = true;
    },
  };
}
