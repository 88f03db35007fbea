import { auditDefaults } from "../defaults.ts";
import type { ReadRecord } from "../record/check-line.ts";

/** Pairs intents with outcomes by `ref`. */
export interface OpenIntents {
  see(record: ReadRecord): void;
  clear(): void;
  count(): number;
  /** Sequence numbers of the oldest open intents, at most ten. */
  oldest(): number[];
}

/** Bounded: a log full of forged intents must not exhaust the reader. Beyond the bound, intents are not counted. */
export function openIntents(): OpenIntents {
  const open = new Map<string, number>();
  return {
    see({ type, ref, seq }) {
      if (type === "call.outcome") open.delete(ref);
      if (type === "call.intent" && open.size < auditDefaults.maxOpenIntents) open.set(ref, seq);
    },
    clear: () => open.clear(),
    count: () => open.size,
    oldest: () => [...open.values()].slice(0, 10),
  };
}
