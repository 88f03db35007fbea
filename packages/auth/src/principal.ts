import { userInfo } from "node:os";
import { frozenSet } from "./claims/frozen-set.ts";

/**
 * Who is calling, as the server itself established it. Nothing a client says about itself (`clientInfo`, headers,
 * arguments) ever becomes part of it. It holds no token.
 */
export interface Principal {
  /** Who vouches for the subject: a token issuer's URL, `key` for this server's own API keys, `local` for the operating system. */
  readonly issuer: string;
  /** The subject at that issuer; for `local` the operating system's user name. */
  readonly subject: string;
  /** The OAuth client that acts for the subject, where the issuer names one. */
  readonly client?: string;
  /** The tenant, from the credential only. */
  readonly tenant?: string;
  /** Scopes granted. There is no wildcard. */
  readonly scopes: ReadonlySet<string>;
  /** Roles, by the explicit mapping of the issuer's claims; a claim that is not mapped gives none. */
  readonly roles: readonly string[];
  readonly assurance: Assurance;
}

/**
 * How the subject was established.
 *
 * - `local`: by having started the process (stdio)
 * - `loopback`: by having reached the loopback port, and nothing else
 * - `key`: a static API key
 * - `token`: a bearer access token; whoever holds it is taken for its subject
 * - `bound-token`: an access token with proof that the sender holds the key it is bound to (RFC 9449, RFC 8705)
 */
export type Assurance = "local" | "loopback" | "key" | "token" | "bound-token";

/** Every assurance, weakest first. */
export const ASSURANCES: readonly Assurance[] = ["loopback", "local", "key", "token", "bound-token"];

/**
 * One string for each account that limits are kept by: the verified subject within its tenant, whatever client acts for
 * it, so that a second client is no second budget. JSON keeps two parts from running into one another.
 */
export function principalKey(principal: Principal): string {
  return JSON.stringify([principal.issuer, principal.subject, principal.tenant ?? null]);
}

/** What a server's configuration says of its local user. */
export interface LocalPrincipalOptions {
  readonly scopes: Iterable<string>;
  readonly roles?: readonly string[];
  readonly tenant?: string;
}

/** The operating system's user on stdio: authenticated by having started the process, under the same policy as anyone. */
export function localPrincipal(options: LocalPrincipalOptions): Principal {
  return fromThisMachine(userName(), "local", options);
}

/** A container may run as a number that has no name. No name has a colon, so it is nobody else's. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? "unknown"}`;
  }
}

/** A process on this machine that reached the loopback port without proving who it is. */
export function loopbackPrincipal(options: LocalPrincipalOptions): Principal {
  return fromThisMachine("loopback", "loopback", options);
}

function fromThisMachine(
  subject: string,
  assurance: "local" | "loopback",
  { scopes, roles = [], tenant }: LocalPrincipalOptions,
): Principal {
  return Object.freeze({
    issuer: "local",
    subject,
    ...(tenant === undefined ? {} : { tenant }),
    scopes: frozenSet(scopes),
    roles: Object.freeze([...roles]),
    assurance,
  });
}
