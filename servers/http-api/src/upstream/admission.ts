import { createConcurrencyGate, createRateLimiter, LimitError, type Release } from "@hardened-mcp/limits";
import type { UpstreamConfig } from "../config/upstream-schema.ts";
import { UpstreamError } from "../model/exchange.ts";
import { stoppedBy } from "./errors.ts";

/** Bounds of an {@link Admission}. */
export type AdmissionConfig = Pick<UpstreamConfig, "concurrency" | "queue" | "callsPerMinute">;

/** How much of an upstream all callers together may use. */
export interface Admission {
  /**
   * A place among the requests that run at once, until it is given back.
   *
   * @throws {UpstreamError} `busy`: as many wait as may; `timeout`, `cancelled`: while waiting
   */
  enter(signal: AbortSignal): Promise<Release>;
  /** Counts one request. @returns milliseconds until there is room for it; 0: it is counted */
  spend(): number;
}

const MINUTE_MS = 60_000;
/** The deadline of every exchange ends its wait; the gate's own only has to be longer. */
const MAX_WAIT_MS = 600_000;

export function createAdmission(config: AdmissionConfig): Admission {
  // Not cockatiel's bulkhead: a caller that went away keeps its place in that queue, and the place must be held until a
  // body has ended, which is after the function that runs in it.
  const gate = createConcurrencyGate({ max: config.concurrency, queue: config.queue, maxWaitMs: MAX_WAIT_MS });
  const { callsPerMinute } = config;
  const rate =
    callsPerMinute === undefined
      ? undefined
      : createRateLimiter({ rules: { calls: { limit: callsPerMinute, windowMs: MINUTE_MS } } });

  return {
    async enter(signal) {
      try {
        return await gate.enter(signal);
      } catch (error) {
        if (error instanceof LimitError && error.code === "aborted") throw new UpstreamError(stoppedBy(signal));
        throw new UpstreamError("busy", { cause: error });
      }
    },
    spend() {
      const decision = rate?.take("", "calls");
      return decision === undefined || decision.ok ? 0 : decision.retryAfterMs;
    },
  };
}
