import { TokenError } from "../token-error.ts";
import type { VerifiedToken } from "./verified-token.ts";

/**
 * Which tokens were good in this process before, by their digest: what an address that failed too often may still send.
 * It says nothing about now. It outlasts the cache of results: else one forged token, repeated for a minute from behind
 * a shared address, would lock out everyone there.
 */
export interface KnownTokens {
  /** Whether it was good when last verified, and has not come to its end. */
  isGood(digest: string): boolean;
  /** @throws {TokenError} `not-known`; `expired`, `inactive`: known, and known to have ended */
  requireGood(digest: string): void;
  good(digest: string, token: VerifiedToken): void;
  /** Its issuer ended it. */
  ended(digest: string): void;
}

interface Known {
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly isEnded: boolean;
}

/**
 * @param max beyond it the one that was not verified for the longest is forgotten; about 200 bytes each
 * @param maxLifeMs for tokens that name no end
 */
export function createKnownTokens(max: number, maxLifeMs: number): KnownTokens {
  const known = new Map<string, Known>();

  function put(digest: string, entry: Known): void {
    known.delete(digest);
    const [oldest] = known.keys();
    if (known.size >= max && oldest !== undefined) known.delete(oldest);
    known.set(digest, entry);
  }

  return {
    isGood(digest) {
      const entry = known.get(digest);
      return entry !== undefined && !entry.isEnded && entry.endsAt > Date.now();
    },
    requireGood(digest) {
      const entry = known.get(digest);
      if (entry === undefined) throw new TokenError("not-known");
      // Ended ones stay until their place is needed: their holder is told to get a new token, and not just to wait.
      if (entry.isEnded) throw new TokenError("inactive");
      if (entry.endsAt <= Date.now()) throw new TokenError("expired");
    },
    good(digest, { expiresAt }) {
      put(digest, { endsAt: expiresAt ?? Date.now() + maxLifeMs, isEnded: false });
    },
    ended(digest) {
      const entry = known.get(digest);
      // In its place in the order: being refused again and again keeps nothing alive.
      if (entry !== undefined) known.set(digest, { ...entry, isEnded: true });
    },
  };
}
