import type { UnfinishedCall } from "../audit-log.ts";
import { auditDefaults } from "../defaults.ts";
import type { AuditTool } from "../event.ts";

/** Pairs intents with outcomes by `ref`. */
export interface OpenIntents {
  see(type: string, ref: string, seq: number, tool?: AuditTool): void;
  count(): number;
  /** The oldest open intents first. */
  list(): UnfinishedCall[];
  /** Sequence numbers of the oldest open intents, at most ten. */
  oldest(): number[];
}

/**
 * Bounded: a log full of forged intents must not exhaust the reader. Beyond the bound, intents are not counted. A call
 * that a later start has reported as unfinished is not reported again.
 */
export function openIntents(known: readonly UnfinishedCall[] = []): OpenIntents {
  const open = new Map<string, UnfinishedCall>(known.map((call) => [call.ref, call]));
  return {
    see(type, ref, seq, tool) {
      if (type === "call.intent") {
        if (open.size < auditDefaults.maxOpenIntents) open.set(ref, { seq, ref, tool });
      } else if (type === "call.outcome" || type === "log.unfinished") open.delete(ref);
    },
    count: () => open.size,
    list: () => [...open.values()],
    oldest: () => [...open.values()].slice(0, 10).map(({ seq }) => seq),
  };
}
