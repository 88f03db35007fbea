import { hash } from "node:crypto";
import { type ApiKeys, createApiKeys } from "../api-key/api-keys.ts";
import { decodeJwt } from "../jwt/decode.ts";
import { verifyJwt } from "../jwt/jwt-verifier.ts";
import type { Settings } from "../options/settings.ts";
import { TokenError } from "../token-error.ts";
import { createIssuers } from "./issuers.ts";
import { createTokenCache, isOver } from "./token-cache.ts";
import type { VerifiedToken } from "./verified-token.ts";

/** Whose credential it is, whatever kind it is. Revocation and proofs come after. */
export interface TokenVerifier {
  /**
   * @param knownOnly answer only where that costs neither a signature nor a question to someone else
   * @throws {TokenError}
   */
  verify(token: string, knownOnly: boolean): Promise<VerifiedToken>;
  /**
   * Whether a token that was verified before has not ended since.
   *
   * @throws {TokenError} it has, or its issuer cannot be asked
   */
  requireActive(token: string, verified: VerifiedToken): Promise<void>;
}

export function createTokenVerifier(settings: Settings, signal: AbortSignal): TokenVerifier {
  const keys = createApiKeys(settings.apiKeys);
  const { jwt, opaque } = createIssuers(settings, signal);
  const cache = createTokenCache(settings.tokenCache);
  const isForOpaque = (token: string): boolean => opaque !== undefined && (jwt.size === 0 || !isJwtShaped(token));

  return {
    async verify(token, knownOnly) {
      if (keys.isKey(token)) return verifyKey(keys, token, knownOnly);
      const digest = hash("sha256", token, "base64url");
      if (knownOnly && cache.get(digest) === undefined) throw new TokenError("not-known");
      // Asked every time, also of a known one: the issuer may have ended it. The introspector has a cache of its own.
      if (opaque !== undefined && isForOpaque(token)) {
        return cache.remember(digest, await opaque.verify(token));
      }
      return await cache.getOrVerify(digest, () => verifyJwt(token, decodeJwt(token), jwt));
    },
    async requireActive(token, verified) {
      if (isOver(verified)) throw new TokenError("expired");
      if (!keys.isKey(token) && isForOpaque(token)) await opaque?.verify(token);
    },
  };
}

/** An issuer is never shown what may be another issuer's token, so a JWT goes by what it says itself. */
function isJwtShaped(token: string): boolean {
  return token.split(".").length === 3;
}

function verifyKey(keys: ApiKeys, credential: string, knownOnly: boolean): VerifiedToken {
  try {
    const key = keys.verify(credential);
    if (isOver(key)) throw new TokenError("expired");
    return key;
  } catch (error) {
    throw knownOnly ? new TokenError("not-known") : error;
  }
}
