import { type CryptoKey, compactVerify } from "jose";
import { own } from "../claims/claim.ts";
import { type ClaimsRules, readJwtClaims } from "../claims/read-token.ts";
import type { IssuerKeys } from "../keys/issuer-keys.ts";
import type { VerifiedToken } from "../token/verified-token.ts";
import { TokenError } from "../token-error.ts";
import type { Unverified } from "./decode.ts";
import { checkHeader, type JoseHeader } from "./header.ts";

/** One issuer whose tokens say themselves what they are good for. */
export interface JwtIssuer {
  readonly rules: ClaimsRules;
  readonly algorithms: ReadonlySet<string>;
  readonly keys: IssuerKeys;
}

/**
 * Verifies a JWT access token (RFC 9068). The issuer it names chooses the keys, so one issuer's key is never tried on
 * another's token (mix-up). The signature comes before the claims: what goes on record of a token is then true.
 *
 * @throws {TokenError}
 */
export async function verifyJwt(
  token: string,
  { header, claims }: Unverified,
  issuers: ReadonlyMap<string, JwtIssuer>,
): Promise<VerifiedToken> {
  const iss = own(claims, "iss");
  const issuer = typeof iss === "string" ? issuers.get(iss) : undefined;
  if (issuer === undefined) throw new TokenError("issuer");
  const checked = checkHeader(header, issuer.algorithms);
  await verifySignature(token, await issuer.keys.find(checked), checked);
  return readJwtClaims(claims, issuer.rules);
}

async function verifySignature(token: string, key: CryptoKey, { alg }: JoseHeader): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [alg] });
  } catch {
    throw new TokenError("signature");
  }
}
