import { addressKey, createRateLimiter } from "@hardened-mcp/limits";

/** How much of the record strangers may fill. Rates are a minute's, all of it at once after a rest; times in milliseconds. */
export const RECORD_LIMITS = {
  perAddress: 30,
  inAll: 300,
  /** Part of `inAll` that is kept for addresses without a record in this minute: ten that flood must not hide an eleventh. */
  keptForFirst: 100,
  /** Addresses whose records are counted apart while they are left out. */
  maxAddresses: 1_024,
  /** What was left out, and no later record has told, is told after this time. */
  tellMs: 60_000,
} as const;

export type RecordLimits = Readonly<Record<keyof typeof RECORD_LIMITS, number>>;

/** What was left out, and of how many addresses, as far as they were counted apart. */
export interface LeftOut {
  readonly suppressed: number;
  readonly addresses: number;
}

export interface RecordLimit {
  /** How many records of the address were left out before this one; `undefined`: this one is left out, and counted. */
  take(address: string): number | undefined;
  /** What no record has told yet. From then on it counts as told. */
  drain(): LeftOut;
}

const MINUTE_MS = 60_000;

/**
 * Bounds the records of senders that nobody knows, and counts what it leaves out.
 *
 * A refusal costs its sender next to nothing and us a line that is kept for years: 5,000 failed handshakes took 1.8 s and
 * wrote 1.9 MB. Memory is bounded: only what is written is charged, and beyond `maxAddresses` counts go to one sum.
 *
 * @param now milliseconds of a clock that never runs backwards
 */
export function createRecordLimit(limits: RecordLimits = RECORD_LIMITS, now = () => performance.now()): RecordLimit {
  const rates = createRateLimiter({
    now,
    rules: {
      address: { limit: limits.perAddress, windowMs: MINUTE_MS },
      all: { limit: limits.inAll - limits.keptForFirst, windowMs: MINUTE_MS },
      first: { limit: 1, windowMs: MINUTE_MS },
      firsts: { limit: limits.keptForFirst, windowMs: MINUTE_MS },
    },
  });
  const isWritten = (key: string): boolean =>
    rates.takeAll([
      { key, rule: "address" },
      { key: "", rule: "all" },
    ]).ok ||
    rates.takeAll([
      { key, rule: "address" },
      { key, rule: "first" },
      { key: "", rule: "firsts" },
    ]).ok;
  const leftOut = new Map<string, number>();
  let others = 0;

  return {
    take(address) {
      const key = addressKey(address);
      const count = leftOut.get(key) ?? 0;
      if (isWritten(key)) {
        leftOut.delete(key);
        return count;
      }
      if (count > 0 || leftOut.size < limits.maxAddresses) leftOut.set(key, count + 1);
      else others++;
      return undefined;
    },
    drain() {
      const told = { suppressed: others, addresses: leftOut.size };
      for (const count of leftOut.values()) told.suppressed += count;
      leftOut.clear();
      others = 0;
      return told;
    },
  };
}
