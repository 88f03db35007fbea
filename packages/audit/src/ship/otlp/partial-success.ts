import type { DiagLogger } from "@opentelemetry/api";
import { isObject } from "../options/check.ts";
import type { OtlpPeers } from "./load-peers.ts";

let rejected = 0;

/**
 * A collector may answer 200 and still refuse records. The exporter counts that as success and says it to OpenTelemetry's
 * diagnostic logger only, right before it calls back; so this listens there. The logger is this thread's own.
 */
export function listenForRejections({ diag, DiagLogLevel }: OtlpPeers["api"]): void {
  const nothing = () => undefined;
  const logger: DiagLogger = {
    warn(message, ...facts) {
      if (message.startsWith("Received Partial Success")) rejected += rejectedIn(facts[0]);
    },
    error: nothing,
    info: nothing,
    debug: nothing,
    verbose: nothing,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

/** How many records the last batch lost, once. */
export function takeRejected(): number {
  const taken = rejected;
  rejected = 0;
  return taken;
}

/** @param fact JSON of a collector: `{"rejectedLogRecords": "3"}`, a 64-bit number that JSON may hold as text */
function rejectedIn(fact: unknown): number {
  if (typeof fact !== "string") return 0;
  try {
    const value: unknown = JSON.parse(fact);
    const count = isObject(value) ? Number(value["rejectedLogRecords"] ?? 0) : 0;
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    return 0;
  }
}
