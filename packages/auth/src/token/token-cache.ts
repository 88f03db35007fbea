import type { VerifiedToken } from "./verified-token.ts";

/** How many verified tokens are remembered, and for how long. */
export interface TokenCacheOptions {
  /** Default 10,000, about 10 MB. 0 remembers none. */
  readonly maxEntries?: number;
  /** Milliseconds; never beyond the token's expiry. Default 60,000. */
  readonly maxAgeMs?: number;
}

/** Tokens verified a moment ago, by their digest. */
export interface TokenCache {
  get(digest: string): VerifiedToken | undefined;
  remember(digest: string, token: VerifiedToken): VerifiedToken;
  /** Verifies a token that is not remembered; requests that bring the same one at the same time share one result. */
  getOrVerify(digest: string, verify: () => Promise<VerifiedToken>): Promise<VerifiedToken>;
}

/** Beyond `maxEntries` the one that was not used for the longest goes, which costs its holder one verification. */
export function createTokenCache({ maxEntries, maxAgeMs }: Required<TokenCacheOptions>): TokenCache {
  const entries = new Map<string, { readonly token: VerifiedToken; readonly until: number }>();
  const pending = new Map<string, Promise<VerifiedToken>>();

  function get(digest: string): VerifiedToken | undefined {
    const entry = entries.get(digest);
    if (entry === undefined) return undefined;
    entries.delete(digest);
    if (entry.until <= performance.now() || isOver(entry.token)) return undefined;
    entries.set(digest, entry);
    return entry.token;
  }

  function remember(digest: string, token: VerifiedToken): VerifiedToken {
    if (maxEntries === 0) return token;
    entries.delete(digest);
    const [oldest] = entries.keys();
    if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
    entries.set(digest, { token, until: performance.now() + maxAgeMs });
    return token;
  }

  return {
    get,
    remember,
    async getOrVerify(digest, verify) {
      const known = get(digest);
      if (known !== undefined) return known;
      const underWay = pending.get(digest);
      if (underWay !== undefined) return await underWay;
      const verified = verify().then((token) => remember(digest, token));
      pending.set(digest, verified);
      try {
        return await verified;
      } finally {
        pending.delete(digest);
      }
    },
  };
}

export function isOver({ expiresAt }: VerifiedToken): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}
