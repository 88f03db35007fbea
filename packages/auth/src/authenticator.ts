import type { IncomingMessage } from "node:http";
import type { Principal } from "./principal.ts";

/** A request whose sender is known. */
export interface Authenticated {
  readonly principal: Principal;
  /** Milliseconds since the epoch from which the credential is no longer good; `undefined`: it has no end. */
  readonly expiresAt: number | undefined;
  /**
   * Shared state was away, so revocation and replay were checked against what this process knows. Good for reads only.
   */
  readonly degraded: boolean;
  /**
   * Asked again while an answer is being streamed: false once the credential has expired or has been revoked. Where that
   * cannot be told (the issuer or the store is away) it stays true for `AUTH_DEFAULTS.maxUntoldMs` after it was last known.
   */
  stillGood(): Promise<boolean>;
}

/** Why a request got no principal, and the challenges that tell a client how to get one (RFC 9110, section 11.6.1). */
export interface AuthenticationFailure {
  /** 400: two credentials, or one in the wrong place (RFC 6750, section 3.1). 503: it cannot be told at present. */
  readonly status: 400 | 401 | 403 | 429 | 503;
  /** Values of `WWW-Authenticate` headers, one for each scheme the server takes. */
  readonly challenges: readonly string[];
  /** A short fixed word for the record, such as `expired`; never sent. Never holds anything of a token. */
  readonly reason: string;
}

/** What an authenticator is asked about the scopes that a challenge names. */
export interface ChallengeScopes {
  /** Scopes a client asks for first; `offline_access` is never among them. */
  readonly scopes: readonly string[];
}

/** RFC 9728, section 2: the fields this server publishes. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly resource_name?: string;
  readonly resource_documentation?: string;
  readonly dpop_signing_alg_values_supported?: readonly string[];
  readonly dpop_bound_access_tokens_required?: boolean;
  readonly tls_client_certificate_bound_access_tokens?: boolean;
}

/** Who is calling, on HTTP: asked once per request, before its body is read. */
export interface Authenticator {
  /** This server's canonical URI (RFC 8707): what tokens must name as their audience. */
  readonly resource: string;
  /**
   * @param options.scopes named by the challenge of a failure
   * @param options.knownOnly accept only credentials that this process has verified before, and that are good now: the
   * sender's address has failed too often, and guessing must not cost us signatures. Anything else fails with 429.
   */
  authenticate(
    request: IncomingMessage,
    options: ChallengeScopes & { readonly knownOnly?: boolean },
  ): Promise<Authenticated | AuthenticationFailure>;
  /** The challenges for a caller that is known but lacks `scopes`; all that the operation needs, in one challenge (SEP-2350). */
  insufficientScope(request: IncomingMessage, scopes: readonly string[]): readonly string[];
  /** The document behind `/.well-known/oauth-protected-resource`. */
  metadata(scopes: readonly string[]): ProtectedResourceMetadata;
  close(): Promise<void>;
}

export function isFailure(answer: Authenticated | AuthenticationFailure): answer is AuthenticationFailure {
  return "challenges" in answer;
}
