/** Every default of this package; times in the unit of the name. */
export const AUTH_DEFAULTS = {
  tokens: "jwt",
  privateAddresses: "refuse",
  dpop: "off",
  mtls: "off",
  clockToleranceS: 30,
  /** Bytes of one access token. */
  maxTokenBytes: 8_192,
  /** From issue to expiry: a token that is good for years is a password. */
  maxAgeS: 86_400,
  tokenCache: { maxEntries: 10_000, maxAgeMs: 60_000 },
  /**
   * Digests of tokens that were good before, for each entry of the token cache, of which 10,000 count at least. They are
   * what a sender may use whose address failed too often. About 200 bytes each.
   */
  knownTokensPerEntry: 4,
  /** How late a revocation of an opaque token at its issuer may be. */
  introspectionCacheMs: 10_000,
  /** Questions to an introspection endpoint under way at once. */
  maxIntrospections: 32,
  /** Share of them kept for tokens that were good before: a flood of made-up ones must not crowd them out. */
  introspectionReserve: 0.25,
  /** How long revocations may be taken as last known while the store is away. */
  maxRevocationAgeMs: 300_000,
  /** How long an open stream goes on after its credential was last known to be good, while that cannot be told. */
  maxUntoldMs: 60_000,
} as const;
