import { userInfo } from "node:os";

/**
 * Who is calling, as the server itself established it. Nothing a client says about itself (`clientInfo`, headers,
 * arguments) ever becomes part of it.
 */
export interface Principal {
  /** Who vouches for the subject: a token issuer's URL, or `local` for the operating system. */
  readonly issuer: string;
  /** The subject at that issuer; for `local` the operating system's user name. */
  readonly subject: string;
  /** The client that acts for the subject, where the issuer names one. */
  readonly client?: string;
  /** The tenant, from the token only. */
  readonly tenant?: string;
  /** Scopes granted. There is no wildcard. */
  readonly scopes: ReadonlySet<string>;
  readonly roles: readonly string[];
  /** How the subject was established. */
  readonly assurance: "local" | "loopback" | "token" | "key";
}

/** One string per principal, for rate and concurrency accounts. JSON keeps two parts from running into one another. */
export function principalKey(principal: Principal): string {
  return JSON.stringify([principal.issuer, principal.subject, principal.client ?? null, principal.tenant ?? null]);
}

/** The operating system's user on stdio: authenticated by having started the process, under the same policy as anyone. */
export function localPrincipal(scopes: Iterable<string>): Principal {
  return Object.freeze({
    issuer: "local",
    subject: userInfo().username,
    scopes: new Set(scopes),
    roles: [],
    assurance: "local" as const,
  });
}

/** A process on this machine that reached the loopback port without proving who it is. */
export function loopbackPrincipal(scopes: Iterable<string>): Principal {
  return Object.freeze({
    issuer: "local",
    subject: "loopback",
    scopes: new Set(scopes),
    roles: [],
    assurance: "loopback" as const,
  });
}
