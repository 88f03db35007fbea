import type { StateStore } from "@hardened-mcp/state";
import type { Algorithm } from "./algorithms.ts";
import type { ApiKeyEntry } from "./api-key/create-api-key.ts";
import type { ClaimsMapping } from "./claims/mapping.ts";
import type { Trouble } from "./keys/trouble.ts";
import type { Revocations } from "./revocation/revocations.ts";
import type { TokenCacheOptions } from "./token/token-cache.ts";

/** Whether a way of proving that the sender holds a token's key is `off`, `accepted`, or `required` of every token. */
export type Demand = "off" | "accepted" | "required";

/** How this server asks an issuer about opaque tokens (RFC 7662). */
export interface IntrospectionOptions {
  /** https URL. Default: by discovery. */
  readonly endpoint?: string;
  readonly clientId: string;
  /** Or a function that gives it, asked each time, so that it can be rotated. */
  readonly clientSecret: string | (() => string);
  /**
   * Milliseconds for which an active token is believed without asking again: how late a revocation at the issuer may be.
   * Default 10,000, at most 30,000; 0 asks each time.
   */
  readonly cacheMs?: number;
}

/** An authorization server whose access tokens this server takes. */
export interface IssuerOptions {
  /** Its issuer identifier: an https URL, compared character by character. */
  readonly issuer: string;
  /**
   * `jwt`: signed tokens (RFC 9068). `opaque`: the issuer is asked. One issuer at most is opaque, and beside others its
   * tokens must not have the form of a JWT: no issuer is shown what may be another's. Default `jwt`.
   */
  readonly tokens?: "jwt" | "opaque";
  /** Signatures taken from this issuer. Default: all of `ALGORITHMS`. */
  readonly algorithms?: readonly Algorithm[];
  /** Audiences taken besides `resource`, each compared exactly. Default: none. */
  readonly audience?: readonly string[];
  /** https URL of its keys. Default: by discovery (RFC 8414, OpenID Connect Discovery), whose `issuer` must be equal. */
  readonly jwksUri?: string;
  /** For `opaque` only, and required there. */
  readonly introspection?: IntrospectionOptions;
  /** What its claims mean here. */
  readonly claims?: ClaimsMapping;
  /** PEM certificates trusted for this issuer instead of the system's. */
  readonly ca?: string;
  /** Whether it may be at an address that is not of the public internet. Default `refuse`. */
  readonly privateAddresses?: "refuse" | "allow";
}

/** Options of `createAuthenticator`. Any other key is refused. */
export interface AuthenticatorOptions {
  /**
   * This server's canonical URI (RFC 8707), as clients know it: https, or http on loopback, without query and fragment.
   * Tokens must name exactly this as their audience.
   */
  readonly resource: string;
  /** Default: none, where there are `apiKeys`. */
  readonly issuers?: readonly IssuerOptions[];
  /** Static keys for machines that no identity provider knows. Second best: they last, and whoever holds one is it. */
  readonly apiKeys?: readonly ApiKeyEntry[];
  /** DPoP (RFC 9449). Needs `state`, where used proofs are remembered. Default `off`. */
  readonly dpop?: Demand;
  /** Tokens bound to a client certificate (RFC 8705); TLS must end in this process. Default `off`. */
  readonly mtls?: Demand;
  /** State that the replicas share. */
  readonly state?: StateStore;
  /** Tokens, subjects and clients that are no longer good; see `createRevocations`. Default: nothing is revoked. */
  readonly revocations?: Revocations;
  /** By how much clocks may differ, in seconds. Default 30, at most 300. */
  readonly clockToleranceS?: number;
  /** Longest access token. Default 8,192. */
  readonly maxTokenBytes?: number;
  /** Longest time from issue to expiry, in seconds. Default 86,400. */
  readonly maxAgeS?: number;
  /** Verified tokens that need not be verified again; revocation and proofs are checked all the same. */
  readonly tokenCache?: TokenCacheOptions;
  /** Published in the metadata: a name for people. */
  readonly resourceName?: string;
  /** Published in the metadata: the https URL of a page for developers. */
  readonly resourceDocumentation?: string;
  /** Is told when an issuer's metadata or keys cannot be had, at most once in five seconds each. Default: nobody is. */
  readonly onTrouble?: (trouble: Trouble) => void;
}
