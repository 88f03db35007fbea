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
  /** How late a revocation of an opaque token at its issuer may be. */
  introspectionCacheMs: 10_000,
  /** How long revocations may be taken as last known while the store is away. */
  maxRevocationAgeMs: 300_000,
} as const;
