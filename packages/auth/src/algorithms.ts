/**
 * Every algorithm a token may be signed with: asymmetric ones only. `none` and the HMAC family are not in reach of any
 * option, so a public key can never be taken for a shared secret (CVE-2015-9235 and its descendants).
 */
export const ALGORITHMS = [
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
  "EdDSA",
  "Ed25519",
] as const;

export type Algorithm = (typeof ALGORITHMS)[number];
