import { createSharedSet, StateError, type StateStore } from "@hardened-mcp/state";

import { AUTH_DEFAULTS } from "../defaults.ts";
import { refuseUnknownKeys } from "../options/known-keys.ts";
import { requireWhole } from "../options/whole.ts";
import { TokenError } from "../token-error.ts";
import {
  MAX_NAME_LENGTH,
  MAX_NOTE_LENGTH,
  nameOf,
  type Revocation,
  type RevocationTarget,
  targetName,
} from "./revocation.ts";
import { createRevocationIndex } from "./revocation-index.ts";
import { isText, storeKey, writeStored } from "./stored.ts";

/** A token, by what its verified claims say. */
export interface RevocableToken {
  readonly issuer: string;
  readonly subject: string;
  readonly client: string | undefined;
  readonly jti: string | undefined;
  /** Seconds since the epoch; `undefined` counts as before any revocation. */
  readonly issuedAt: number | undefined;
}

export interface RevokeRequest {
  readonly target: RevocationTarget;
  /** Who revokes; 1 to 500 characters. */
  readonly by: string;
  /** 1 to 500 characters, for whoever finds the entry later. */
  readonly why: string;
  /** Milliseconds, longer than `maxTokenLifeS`, for a token that is known to live longer. */
  readonly ttlMs?: number;
}

/** Which tokens are no longer good, the same on every replica. */
export interface Revocations {
  /**
   * Brings the local copy up to date; before each check. `undefined` where nothing had to be waited for.
   *
   * @throws {StateError} `unavailable`: checks go by what was last known, see {@link ageMs}; `tampered`
   */
  refresh(): Promise<void> | undefined;
  /** Milliseconds since the local copy was last known to be true; `Infinity` before the first time. */
  ageMs(): number;
  /**
   * @throws {TokenError} `revocation-unknown`: the list has never been read
   * @throws {StateError} `tampered`: an entry cannot be read, so nobody can be cleared
   */
  isRevoked(token: RevocableToken): boolean;
  /**
   * Holds on every replica from its next {@link refresh} on. For a subject or client, tokens issued afterwards are good:
   * what must stay out is to be disabled at its issuer, or by a switch. There is no taking back.
   *
   * @throws {StateError} `invalid`: out of bounds, or the list is full; `unavailable`: it may or may not hold
   */
  revoke(request: RevokeRequest): Promise<Revocation>;
  /** What stands in the local copy, in no order. */
  list(): readonly Revocation[];
}

export interface RevocationsOptions {
  /** Seconds that the longest token lives; an entry is kept at least as long. Default 86 400, at most 31 days. */
  readonly maxTokenLifeS?: number;
  /**
   * Seconds by which an issuer's clock may be ahead of ours: tokens issued that shortly after a revocation of their
   * subject or client are refused as well. No less than what tokens are checked with. Default 30, at most 300.
   */
  readonly clockToleranceS?: number;
  /** Entries at the same time. Default 10 000. */
  readonly maxEntries?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

const KNOWN: Record<keyof RevocationsOptions, true> = {
  maxTokenLifeS: true,
  clockToleranceS: true,
  maxEntries: true,
  now: true,
};
const YEAR_MS = 365 * 86_400_000;

/** @throws {AuthConfigError} an option that does not exist or is out of bounds */
export function createRevocations(store: StateStore, options: RevocationsOptions = {}): Revocations {
  refuseUnknownKeys("createRevocations", options, KNOWN);
  const {
    maxTokenLifeS = AUTH_DEFAULTS.maxAgeS,
    clockToleranceS = AUTH_DEFAULTS.clockToleranceS,
    maxEntries = 10_000,
    now = Date.now,
  } = options;
  requireWhole("maxTokenLifeS", maxTokenLifeS, 1, 31 * 86_400);
  requireWhole("clockToleranceS", clockToleranceS, 0, 300);
  requireWhole("maxEntries", maxEntries, 1, 1_000_000);

  const set = createSharedSet({ store, name: "revocations" });
  const index = createRevocationIndex(set);
  // The issuer may be ahead, an expired token is taken for a while, and a replica may lag.
  const minTtlMs = (maxTokenLifeS + 3 * clockToleranceS) * 1000;

  /**
   * `iat` has seconds: a token of the second of the revocation may be older than it, so it goes as well. A time that is
   * no number, or that is yet to come, is no sign of being newer.
   */
  function wasIssuedBefore(revocation: Revocation | undefined, issuedAt: number | undefined): boolean {
    if (revocation === undefined) return false;
    const latest = now() / 1000 + clockToleranceS;
    const isNewer = issuedAt !== undefined && issuedAt > Math.floor(revocation.at / 1000) + clockToleranceS;
    return !(isNewer && issuedAt <= latest);
  }

  return {
    refresh: () => set.refresh(),
    ageMs: () => set.ageMs(),
    isRevoked({ issuer, subject, client, jti, issuedAt }) {
      if (set.ageMs() === Number.POSITIVE_INFINITY) throw new TokenError("revocation-unknown");
      const standing = index.current();
      if (standing.size === 0) return false;
      if (jti !== undefined && standing.has(targetName("token", issuer, jti))) return true;
      if (wasIssuedBefore(standing.get(targetName("subject", issuer, subject)), issuedAt)) return true;
      return client !== undefined && wasIssuedBefore(standing.get(targetName("client", issuer, client)), issuedAt);
    },
    async revoke({ target, by, why, ttlMs = minTtlMs }) {
      refuseUnreadable({ target, by, why });
      if (!Number.isSafeInteger(ttlMs) || ttlMs < minTtlMs || ttlMs > YEAR_MS) {
        throw invalid(`ttlMs must be from ${minTtlMs}, so that no token outlives its revocation, to a year.`);
      }
      await set.refresh();
      const standing = index.current();
      const before = standing.get(targetName(target.kind, target.issuer, nameOf(target)));
      if (before === undefined && standing.size >= maxEntries) {
        throw invalid(
          `${maxEntries} revocations stand already. Revoke the subject or the client, or raise maxEntries.`,
        );
      }
      // A second revocation never takes anything back from the first.
      const at = Math.max(now(), before?.at ?? 0);
      const revocation = { target, by, why, at, until: Math.max(at + ttlMs, before?.until ?? 0) };
      await set.add(storeKey(target), writeStored(revocation), { ttlMs: revocation.until - now() });
      // This replica knows at once, even if the store should go away next.
      await set.refresh();
      return revocation;
    },
    list: () => [...index.current().values()],
  };
}

function refuseUnreadable({ target, by, why }: Pick<RevokeRequest, "target" | "by" | "why">): void {
  if (!["token", "subject", "client"].includes(target.kind))
    throw invalid("A target is a token, a subject or a client.");
  if (!isText(target.issuer, MAX_NAME_LENGTH) || !isText(nameOf(target), MAX_NAME_LENGTH)) {
    throw invalid(`A target has an issuer and a name of 1 to ${MAX_NAME_LENGTH} characters each.`);
  }
  if (!isText(by, MAX_NOTE_LENGTH) || !isText(why, MAX_NOTE_LENGTH)) {
    throw invalid(`Say who revokes and why, in 1 to ${MAX_NOTE_LENGTH} characters each.`);
  }
}

function invalid(message: string): StateError {
  return new StateError("invalid", message);
}
