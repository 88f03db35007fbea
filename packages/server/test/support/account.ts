import type { FakeSink } from "./sink.ts";

export interface Account {
  /** Rejections on record. */
  readonly records: number;
  /** Rejections that happened, as the record tells: those on it, and those it says it left out. */
  readonly told: number;
  /** Every rule that occurs, in order of its first record. */
  readonly rules: readonly (string | undefined)[];
}

/** Everything on record that was turned away, in order. */
export function rejectedOf(sink: FakeSink) {
  return sink.events.flatMap((event) => (event.type === "entry.rejected" ? [event] : []));
}

/** What a reader of the record learns about who was turned away. */
export function accountOf(sink: FakeSink): Account {
  const rejected = rejectedOf(sink);
  const own = rejected.filter(({ decision }) => decision.rule !== "flood");
  const leftOut = rejected.reduce((sum, { detail }) => sum + Number(detail?.["suppressed"] ?? 0), 0);
  return {
    records: rejected.length,
    told: own.length + leftOut,
    rules: [...new Set(rejected.map(({ decision }) => decision.rule))],
  };
}
