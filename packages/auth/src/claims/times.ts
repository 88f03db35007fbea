import { TokenError } from "../token-error.ts";
import { type Claims, optional } from "./claim.ts";

export interface TimeLimits {
  readonly clockToleranceS: number;
  /** Longest time from issue to expiry. */
  readonly maxAgeS: number;
}

/**
 * Checks when a token may be used.
 *
 * @returns seconds since the epoch, as written
 * @throws {TokenError} `claims`, `expired`, `not-yet-valid`, `lives-too-long`
 */
export function readTimes(
  claims: Claims,
  { clockToleranceS, maxAgeS }: TimeLimits,
): { readonly expiresAt: number | undefined; readonly issuedAt: number | undefined } {
  const exp = optional(claims, "exp", isDate);
  const iat = optional(claims, "iat", isDate);
  const nbf = optional(claims, "nbf", isDate);
  const now = Date.now() / 1000;
  if (exp !== undefined && exp + clockToleranceS <= now) throw new TokenError("expired");
  if (Math.max(nbf ?? 0, iat ?? 0) > now + clockToleranceS) throw new TokenError("not-yet-valid");
  if (exp !== undefined && exp - (iat ?? now) > maxAgeS) throw new TokenError("lives-too-long");
  return { expiresAt: exp, issuedAt: iat };
}

/** JSON can write 1e999, which is Infinity, and would never expire; a `Date` ends at 8.64e12 seconds. */
function isDate(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 8.64e12;
}
