/** A time in which nothing was recorded. */
export interface Gap {
  /** Number of the record before it. */
  readonly after: number;
  readonly from: string;
  readonly to: string;
  readonly ms: number;
  /** `stopped`: the run had ended well; `crashed`: it had not, and another began; `silent`: the server ran. */
  readonly why: "stopped" | "crashed" | "silent";
}

/** Keeps the longest gaps between records. */
export interface Gaps {
  see(seq: number, ts: string, type: string): void;
  longest(): readonly Gap[];
}

const KEEP = 10;
/** Less is no gap. */
const LEAST_MS = 60_000;

export function gaps(): Gaps {
  let last: { readonly seq: number; readonly ts: string; readonly type: string; readonly at: number } | undefined;
  const kept: Gap[] = [];
  let least = LEAST_MS;
  return {
    see(seq, ts, type) {
      const at = Date.parse(ts);
      if (Number.isNaN(at)) return;
      if (last && at - last.at >= least) {
        const why = last.type === "log.stopped" ? "stopped" : type === "log.opened" ? "crashed" : "silent";
        kept.push({ after: last.seq, from: last.ts, to: ts, ms: at - last.at, why });
        kept.sort((a, b) => b.ms - a.ms);
        kept.length = Math.min(kept.length, KEEP);
        if (kept.length === KEEP) least = kept.at(-1)?.ms ?? 0;
      }
      last = { seq, ts, type, at };
    },
    longest: () => kept,
  };
}
