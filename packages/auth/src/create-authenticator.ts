import type { IncomingMessage } from "node:http";
import { StateError } from "@hardened-mcp/state";
import type { Authenticated, AuthenticationFailure, Authenticator } from "./authenticator.ts";
import { createChallenges } from "./challenge.ts";
import { describeResource } from "./metadata.ts";
import { readSettings } from "./options/settings.ts";
import type { AuthenticatorOptions } from "./options.ts";
import { readCredential, triedScheme } from "./request/credential.ts";
import { createSenderCheck } from "./request/sender-check.ts";
import { keepSubjectToken } from "./subject-token/kept.ts";
import { createRevocationCheck } from "./token/revocation-check.ts";
import { watchStanding } from "./token/standing.ts";
import { createTokenVerifier } from "./token/token-verifier.ts";
import { TokenError } from "./token-error.ts";

/**
 * An OAuth 2.1 resource server: tells who sends a request, by its access token or API key, or why that is not known.
 * Opens no connection before the first token of an issuer comes, so a server starts with its identity provider away.
 *
 * @throws {AuthConfigError} an option that does not exist, contradicts another, or would leave a gap
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const settings = readSettings(options);
  const closing = new AbortController();
  const tokens = createTokenVerifier(settings, closing.signal);
  const sender = createSenderCheck(settings);
  const revocation = createRevocationCheck(settings.revocations);
  const challenges = createChallenges(settings);

  async function identify(request: IncomingMessage, knownOnly: boolean): Promise<Authenticated> {
    const credential = readCredential(request, settings.maxTokenBytes);
    if (credential.scheme === "dpop" && settings.dpop === "off") throw new TokenError("scheme");
    const asked = performance.now();
    const verified = await tokens.verify(credential.token, knownOnly);
    const revoked = await revocation(verified);
    // Last, because it takes up memory: only for what is good in every other way.
    const proof = await sender.check(request, credential, verified.confirmation);
    keepSubjectToken(verified.principal, credential.token);
    return {
      principal: verified.principal,
      expiresAt: verified.expiresAt,
      degraded: revoked.degraded || proof.degraded,
      stillGood: watchStanding(
        [() => tokens.requireActive(credential.token, verified), () => revocation(verified)],
        asked,
      ),
    };
  }

  function refusal(request: IncomingMessage, error: TokenError, scopes: readonly string[]): AuthenticationFailure {
    const { status, code, error: name, description } = error;
    const hasChallenge = status === 400 || status === 401;
    const tried = triedScheme(request);
    return {
      status,
      challenges: hasChallenge ? challenges({ tried, error: name, description, scopes }) : [],
      reason: code,
    };
  }

  return {
    resource: settings.resource,
    async authenticate(request, { scopes, knownOnly = false }) {
      try {
        return await identify(request, knownOnly);
      } catch (error) {
        if (error instanceof TokenError) return refusal(request, error, scopes);
        // Tampered with, or refused for another reason than being away: what the store says is worth nothing.
        if (error instanceof StateError) return refusal(request, new TokenError("state-away"), scopes);
        throw error;
      }
    },
    insufficientScope: (request, scopes) =>
      challenges({
        tried: triedScheme(request),
        error: "insufficient_scope",
        description: "The access token lacks a scope that this needs",
        scopes,
      }),
    metadata: (scopes) => describeResource(settings, scopes),
    async close() {
      closing.abort();
    },
  };
}
