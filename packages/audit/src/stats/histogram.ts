/** Durations, in buckets each a tenth wider than the one before: a percentile is at most 10 % too high. */
export interface Histogram {
  add(ms: number): void;
  readonly count: number;
  readonly max: number;
  /** The duration that `share` of all stay below, 0 to 1; undefined without any. */
  percentile(share: number): number | undefined;
}

const LEAST_MS = 0.01;
const STEP = Math.log(1.1);
/** The last one begins at 10 hours. */
const BUCKETS = 232;

export function histogram(): Histogram {
  const buckets = new Float64Array(BUCKETS);
  let count = 0;
  let max = 0;
  return {
    add(ms) {
      if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY)) return;
      const bucket = ms <= LEAST_MS ? 0 : Math.ceil(Math.log(ms / LEAST_MS) / STEP);
      const at = Math.min(bucket, BUCKETS - 1);
      buckets[at] = (buckets[at] ?? 0) + 1;
      count++;
      max = Math.max(max, ms);
    },
    get count() {
      return count;
    },
    get max() {
      return max;
    },
    percentile(share) {
      let left = Math.ceil(share * count);
      for (let at = 0; at < BUCKETS && left > 0; at++) {
        left -= buckets[at] ?? 0;
        if (left <= 0) return Math.min(max, LEAST_MS * Math.exp(at * STEP));
      }
      return undefined;
    },
  };
}
