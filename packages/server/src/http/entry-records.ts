import type { PublicError } from "../call/answer.ts";
import { newReference } from "../call/state.ts";
import { ERRORS } from "../errors/table.ts";
import { quietly } from "../log/quietly.ts";
import { type Rejection, rejectEntry } from "../protocol/entry.ts";
import type { GuardedServer } from "../server.ts";
import { parseAddress } from "./proxy/address.ts";
import { createRecordLimit, RECORD_LIMITS, type RecordLimits } from "./record-limit.ts";

/** The record of what is turned away before it is known who sends it. */
export interface EntryRecords {
  /**
   * Puts a rejection on record with its address, as long as the address and all together have room left. What is left
   * out is counted: the next record of the address says so in `detail.suppressed`, or else a record of its own does, by
   * the rule `flood`. Metrics count every one.
   */
  reject(address: string, rejection: Rejection): PublicError;
  /** Tells what was left out. From then on nothing is. */
  close(): void;
}

export function createEntryRecords(server: GuardedServer, limits: RecordLimits = RECORD_LIMITS): EntryRecords {
  const limit = createRecordLimit(limits);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  // A flood that ends has no next record to carry its count, and a number that stays in memory is no evidence.
  function tell(): void {
    timer = undefined;
    const told = limit.drain();
    if (told.suppressed > 0) recordFlood(server, { ...told });
  }

  return {
    reject(address, rejection) {
      const suppressed = closed ? 0 : limit.take(address);
      if (suppressed === undefined) {
        timer ??= setTimeout(tell, limits.tellMs).unref();
        return leaveOut(server, rejection);
      }
      const count = suppressed === 0 ? {} : { suppressed };
      const detail = { ...rejection.detail, address: printed(address), ...count };
      return rejectEntry(server, "http", { ...rejection, detail });
    },
    close() {
      closed = true;
      clearTimeout(timer);
      tell();
    },
  };
}

function leaveOut(server: GuardedServer, { code, reason, message }: Rejection): PublicError {
  server.guard.metrics.rejected(reason);
  return { code, message, ref: newReference(), retryable: ERRORS[code].retryable };
}

/** Not through `rejectEntry`: the metrics have counted each of them already. */
function recordFlood(server: GuardedServer, told: Readonly<Record<string, number>>): void {
  const ref = newReference();
  const detail = { transport: "http", ...told };
  const written = quietly(() =>
    server.guard.audit.write({
      type: "entry.rejected",
      ref,
      decision: { effect: "deny", step: "entry", rule: "flood", code: "rate_limited" },
      detail,
    }),
  );
  quietly(() => server.log.warn({ ref, written, ...detail }, "entry rejected more than is on record"));
}

/** In its one spelling where it has one; a zone of IPv6 stays, for whoever reads it on this machine. */
function printed(address: string): string {
  return parseAddress(address)?.text ?? (address === "" ? "unknown" : address);
}
