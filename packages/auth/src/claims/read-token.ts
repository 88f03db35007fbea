import type { Principal } from "../principal.ts";
import type { VerifiedToken } from "../token/verified-token.ts";
import { TokenError } from "../token-error.ts";
import { checkAudience } from "./audience.ts";
import { type Claims, isName, optional, own, required } from "./claim.ts";
import { readConfirmation } from "./confirmation.ts";
import { frozenSet } from "./frozen-set.ts";
import { type ClaimsMapping, readClient, readRoles, readTenant } from "./mapping.ts";
import { readScopes } from "./scopes.ts";
import { readTimes, type TimeLimits } from "./times.ts";

/** What this server asks of the claims of one issuer. */
export interface ClaimsRules extends TimeLimits {
  readonly issuer: string;
  readonly audiences: ReadonlySet<string>;
  readonly mapping: ClaimsMapping;
}

/**
 * The claims of a JWT access token, its signature verified (RFC 9068, section 4).
 *
 * @throws {TokenError}
 */
export function readJwtClaims(claims: Claims, rules: ClaimsRules): VerifiedToken {
  // RFC 9068, section 2.2: required; without `jti` or a client, it could not be revoked by them.
  for (const name of ["exp", "iat", "jti"]) {
    if (own(claims, name) === undefined) throw new TokenError("claims");
  }
  const token = readToken(claims, rules);
  if (token.principal.client === undefined) throw new TokenError("claims");
  return token;
}

/**
 * What an issuer answered about an active opaque token (RFC 7662, section 2.2), where less is required; but the issuer
 * must name us as its audience, and its subject.
 *
 * @throws {TokenError}
 */
export function readIntrospectedClaims(claims: Claims, rules: ClaimsRules): VerifiedToken {
  return readToken(own(claims, "iss") === undefined ? { ...claims, iss: rules.issuer } : claims, rules);
}

function readToken(claims: Claims, rules: ClaimsRules): VerifiedToken {
  if (own(claims, "iss") !== rules.issuer) throw new TokenError("issuer");
  checkAudience(claims, rules.audiences);
  const { expiresAt, issuedAt } = readTimes(claims, rules);
  const confirmation = readConfirmation(claims);
  const isBound = confirmation.jkt !== undefined || confirmation.x5t !== undefined;
  const client = readClient(claims, rules.mapping);
  const tenant = readTenant(claims, rules.mapping);
  const principal: Principal = Object.freeze({
    issuer: rules.issuer,
    subject: required(claims, "sub", isName),
    ...(client === undefined ? {} : { client }),
    ...(tenant === undefined ? {} : { tenant }),
    scopes: frozenSet(readScopes(claims)),
    roles: Object.freeze([...readRoles(claims, rules.mapping)]),
    assurance: isBound ? "bound-token" : "token",
  });
  return Object.freeze({
    principal,
    expiresAt: expiresAt === undefined ? undefined : (expiresAt + rules.clockToleranceS) * 1000,
    issuedAt,
    jti: optional(claims, "jti", isName),
    confirmation,
  });
}
