import type { Confirmation } from "../token/verified-token.ts";
import { TokenError } from "../token-error.ts";
import { type Claims, isObject, optional } from "./claim.ts";

const UNBOUND: Confirmation = Object.freeze({ jkt: undefined, x5t: undefined });

/**
 * What the token is bound to. A way of binding that we do not know is refused: to ignore it would make a bound token one
 * that anyone may use (RFC 7800, section 3.1).
 *
 * @throws {TokenError} `binding-not-accepted`, `claims`
 */
export function readConfirmation(claims: Claims): Confirmation {
  const cnf = optional(claims, "cnf", isObject);
  if (cnf === undefined) return UNBOUND;
  const { jkt, "x5t#S256": x5t, ...others } = cnf;
  const isUnknown = Object.keys(others).length > 0 || (jkt === undefined && x5t === undefined);
  if (isUnknown || !isThumbprint(jkt) || !isThumbprint(x5t)) throw new TokenError("binding-not-accepted");
  return { jkt, x5t };
}

/** 256 bits in base64url, or nothing. */
function isThumbprint(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && /^[\w-]{43}$/.test(value));
}
