import { refuseUnsafeBind } from "../http/bind.ts";
import type { AuthConfig, TlsConfig } from "./schema.ts";

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
  if (http === undefined) return;
  refuseUnsafeBind(
    { ...http, authenticator: auth },
    {
      tls: '"http": { "tls": { "certFile": "server.pem", "keyFile": "server.key" } }',
      authenticator: '"auth": { "resource": "https://mcp.example.com/mcp", "issuers": [{ "issuer": "https://..." }] }',
      allowedHosts: '"http": { "allowedHosts": ["mcp.example.com"] }',
    },
  );
}
