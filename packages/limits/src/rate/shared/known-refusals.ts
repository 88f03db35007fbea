/** Keys that the store is known to refuse. */
export interface KnownRefusals {
  /** Milliseconds until the window of `id` ends; `0`: ask the store. */
  wait(id: string, now: number): number;
  /**
   * @param sentAt when the store was asked: counted from then, no refusal outlives the window
   * @param now when it answered: counted from then, whoever waits for `expiresInMs` never comes too early
   */
  remember(id: string, expiresInMs: number, sentAt: number, now: number): void;
}

interface Refusal {
  readonly endsAt: number;
  readonly believedUntil: number;
}

/** Stores answer in whole milliseconds, rounded up. */
const ROUNDING_MS = 1;

/**
 * Spares the store the calls of whoever is over the limit anyway. To forget one is harmless: the store refuses it again.
 *
 * The keys asked for longest ago are forgotten first, half of them at a time, so a client that floods stays known however
 * many keys it makes. (Dropping them one by one from the front of a `Map` takes time in proportion to its size.)
 *
 * @param maxKeys how many are remembered at most
 * @param believeMs how long a refusal is believed without asking again: a monotonic clock stands still while a machine
 * sleeps, and an operator may have deleted the count
 */
export function createKnownRefusals(maxKeys: number, believeMs: number): KnownRefusals {
  const half = Math.max(1, Math.floor(maxKeys / 2));
  let recent = new Map<string, Refusal>();
  let older = new Map<string, Refusal>();

  function hold(id: string, refusal: Refusal): void {
    if (recent.size >= half && !recent.has(id)) {
      older = recent;
      recent = new Map();
    }
    older.delete(id);
    recent.set(id, refusal);
  }

  return {
    wait(id, now) {
      const fresh = recent.get(id);
      const refusal = fresh ?? older.get(id);
      if (refusal === undefined) return 0;
      if (refusal.believedUntil <= now) {
        recent.delete(id);
        older.delete(id);
        return 0;
      }
      if (fresh === undefined) hold(id, refusal);
      return Math.ceil(refusal.endsAt - now);
    },
    remember(id, expiresInMs, sentAt, now) {
      const knownUntil = sentAt + expiresInMs - ROUNDING_MS;
      hold(id, { endsAt: now + expiresInMs, believedUntil: Math.min(knownUntil, now + believeMs) });
    },
  };
}
