import { hash } from "node:crypto";
import { type ApiKeys, createApiKeys } from "../api-key/api-keys.ts";
import { AUTH_DEFAULTS } from "../defaults.ts";
import { decodeJwt } from "../jwt/decode.ts";
import { verifyJwt } from "../jwt/jwt-verifier.ts";
import type { Settings } from "../options/settings.ts";
import { TokenError } from "../token-error.ts";
import { createIssuers } from "./issuers.ts";
import { createKnownTokens } from "./known-tokens.ts";
import type { OpaqueIssuer } from "./opaque.ts";
import { createTokenCache, isOver } from "./token-cache.ts";
import type { VerifiedToken } from "./verified-token.ts";

/** Whose credential it is, whatever kind it is. Revocation and proofs come after. */
export interface TokenVerifier {
  /**
   * @param knownOnly only a token that was good in this process before costs a signature or a question to its issuer
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
  const known = createKnownTokens(maxKnown(settings), settings.maxAgeS * 1000);
  const isForOpaque = (token: string): boolean => opaque !== undefined && (jwt.size === 0 || !isJwtShaped(token));

  async function ask(issuer: OpaqueIssuer, token: string, digest: string, wasGood: boolean): Promise<VerifiedToken> {
    try {
      // Asked every time, also of a known one: the issuer may have ended it. The introspector has a cache of its own.
      return await issuer.verify(token, wasGood);
    } catch (error) {
      if (error instanceof TokenError && error.code === "inactive") known.ended(digest);
      throw error;
    }
  }

  return {
    async verify(token, knownOnly) {
      if (keys.isKey(token)) return verifyKey(keys, token, knownOnly);
      const digest = digestOf(token);
      if (knownOnly) known.requireGood(digest);
      const verified =
        opaque !== undefined && isForOpaque(token)
          ? await ask(opaque, token, digest, known.isGood(digest))
          : await cache.getOrVerify(digest, () => verifyJwt(token, decodeJwt(token), jwt));
      known.good(digest, verified);
      return verified;
    },
    async requireActive(token, verified) {
      if (isOver(verified)) throw new TokenError("expired");
      if (opaque === undefined || keys.isKey(token) || !isForOpaque(token)) return;
      await ask(opaque, token, digestOf(token), true);
    },
  };
}

/** The token itself is kept nowhere. */
function digestOf(token: string): string {
  return hash("sha256", token, "base64url");
}

/** A server that remembers few results, or none, still has to tell its users from strangers. */
function maxKnown({ tokenCache }: Settings): number {
  return Math.max(tokenCache.maxEntries, AUTH_DEFAULTS.tokenCache.maxEntries) * AUTH_DEFAULTS.knownTokensPerEntry;
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
