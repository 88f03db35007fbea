import { ConfigError } from "../errors/config-error.ts";
import { refuseUnsafeBind } from "../http/bind.ts";
import type { AuthConfig, TlsConfig } from "./schema.ts";

/** Configurations that start, and then refuse everybody, or send clients to where nobody is. */
function refuseContradictions(auth: AuthConfig, http: NonNullable<ReachConfig["http"]>): void {
  const { host, pathname } = new URL(auth.resource);
  const isProxied = (http.trustedProxies ?? []).length > 0;
  if (auth.mtls !== "off" && isProxied && http.tls === undefined) {
    throw new ConfigError(
      "auth.mtls needs TLS that ends in this process; behind http.trustedProxies no client certificate gets here.",
    );
  }
  if (auth.mtls !== "off" && (http.tls?.clientCertificates ?? "off") === "off") {
    throw new ConfigError(
      'auth.mtls binds tokens to client certificates, and http.tls asks for none. Add "clientCertificates": "required" and clientCaFile.',
    );
  }
  if (pathname !== "/mcp" && !isProxied) {
    throw new ConfigError(
      `auth.resource ends in ${pathname}, and this server answers at /mcp. Clients would not find it.`,
    );
  }
  if (http.allowedHosts !== undefined && !http.allowedHosts.some((one) => one.toLowerCase() === host)) {
    throw new ConfigError(
      `auth.resource is at ${host}, and http.allowedHosts does not name that. Clients would be refused.`,
    );
  }
}

/** The part of a configuration that decides who can reach the server. */
export interface ReachConfig {
  readonly auth?: AuthConfig;
  readonly http?: {
    readonly host: string;
    readonly tls?: TlsConfig;
    readonly trustedProxies?: readonly string[];
    readonly allowedHosts?: readonly string[];
  };
}

/**
 * Refuses an address that other machines can reach unless what makes it safe is configured too; found before anything is
 * opened, and said in the configuration's own words.
 *
 * @throws {ConfigError} naming each line to add
 */
export function refuseUnsafeHttp({ auth, http }: ReachConfig): void {
  if (http === undefined) {
    if (auth === undefined) return;
    // Whoever wrote it believes that callers are asked who they are.
    throw new ConfigError(
      'auth says who may call over HTTP, and there is no "http". Add it, or take auth out: on stdio the caller is the local user.',
    );
  }
  refuseUnsafeBind(
    { ...http, authenticator: auth },
    {
      tls: '"http": { "tls": { "certFile": "server.pem", "keyFile": "server.key" } }',
      authenticator: '"auth": { "resource": "https://mcp.example.com/mcp", "issuers": [{ "issuer": "https://..." }] }',
      allowedHosts: '"http": { "allowedHosts": ["mcp.example.com"] }',
    },
  );
  if (auth !== undefined) refuseContradictions(auth, http);
}
