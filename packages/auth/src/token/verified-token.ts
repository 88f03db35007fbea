import type { Principal } from "../principal.ts";

/** What a token is bound to (RFC 7800); both are SHA-256 thumbprints. A sender who shows neither holds a stolen token. */
export interface Confirmation {
  /** Of the key that signs DPoP proofs (RFC 9449, section 6.1). */
  readonly jkt: string | undefined;
  /** Of the client's certificate (RFC 8705, section 3.1). */
  readonly x5t: string | undefined;
}

/** A credential whose issuer has vouched for it, read once. It does not hold the credential. */
export interface VerifiedToken {
  /** Frozen, and the same object for as long as the token is remembered. */
  readonly principal: Principal;
  /** Milliseconds since the epoch, the clocks' tolerance included; `undefined`: it has no end. */
  readonly expiresAt: number | undefined;
  /** Seconds since the epoch, as the issuer wrote it. */
  readonly issuedAt: number | undefined;
  /** What revokes this one credential. */
  readonly jti: string | undefined;
  readonly confirmation: Confirmation;
}
