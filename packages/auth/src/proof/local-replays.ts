/**
 * - `fresh` not used in this process within the window
 * - `used` used in this process
 * - `unknown` not remembered, but some of what was used within the window could not be remembered
 */
export type LocalUse = "fresh" | "used" | "unknown";

/** What this process has seen used within the window, in bounded memory. */
export interface LocalReplays {
  use(key: string): LocalUse;
}

interface LocalReplaysOptions {
  readonly windowMs: number;
  readonly max: number;
  readonly now: () => number;
}

/**
 * When full, nothing is forgotten before its time: whoever can make many proofs could wash out the one to replay.
 * What no longer fits makes the answer `unknown` until it would have expired.
 *
 * Wall time, as in the proofs: where the clock is set back, entries live longer, just as the proofs do.
 */
export function createLocalReplays({ windowMs, max, now }: LocalReplaysOptions): LocalReplays {
  const expiries = new Map<string, number>();
  let incompleteUntil = Number.NEGATIVE_INFINITY;

  function forgetExpired(time: number): void {
    // In the order of their coming, which is the order of their expiry.
    for (const [key, expiry] of expiries) {
      if (expiry > time) return;
      expiries.delete(key);
    }
  }

  return {
    use(key) {
      const time = now();
      forgetExpired(time);
      if (expiries.has(key)) return "used";
      const answer = time < incompleteUntil ? "unknown" : "fresh";
      if (expiries.size < max) {
        expiries.set(key, time + windowMs);
        return answer;
      }
      incompleteUntil = time + windowMs;
      return "unknown";
    },
  };
}
