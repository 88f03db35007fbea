import type { Authenticator } from "@hardened-mcp/auth";
import type { TlsOptions } from "./tls/options.ts";

/** How a server is reached over HTTP. */
export interface HttpOptions {
  /**
   * Address to bind. Default `127.0.0.1`. Any other than loopback needs `authenticator`, `allowedHosts`, and `tls` or
   * `trustedProxies`.
   */
  readonly host?: string;
  /** Port to bind; 0 picks a free one. Default 3000. */
  readonly port?: number;
  /** Exact `Host` values accepted, port included unless it is the scheme's default. Default: the loopback names with the bound port. */
  readonly allowedHosts?: readonly string[];
  /** Exact `Origin` values accepted. Default: the loopback names with the bound port. A request without one is no browser's. */
  readonly allowedOrigins?: readonly string[];
  /** Certificate and key, as files or as text, and whether clients need one. Every answer then carries HSTS. */
  readonly tls?: TlsOptions;
  /**
   * Proxies that end TLS for this server: addresses or CIDR blocks. Needs `authenticator` and `allowedHosts`, also on
   * loopback: to this server everybody behind a proxy looks like the proxy. The proxy has to keep `Host`, append to
   * `X-Forwarded-For`, and set `X-Forwarded-Proto` itself; what comes through it with any other than `https` is refused.
   * Without `tls` nobody else may connect. With `tls` others may, and their `X-Forwarded-` headers are ignored. Do not
   * list a balancer that passes TCP on: what it passes on is the client's own word.
   */
  readonly trustedProxies?: readonly string[];
  /** Who is calling. Without one only loopback is served, as the principal `local/loopback`. */
  readonly authenticator?: Authenticator;
  /** Loopback port of `/healthz`, `/readyz` and `/metrics`; 0 picks a free one. Default: none. */
  readonly monitorPort?: number;
  readonly limits?: Partial<HttpLimits>;
}

/** Every option in {@link HttpOptions}; the compiler holds the list complete. */
export const HTTP_OPTIONS: Readonly<Record<keyof HttpOptions, true>> = {
  host: true,
  port: true,
  allowedHosts: true,
  allowedOrigins: true,
  tls: true,
  trustedProxies: true,
  authenticator: true,
  monitorPort: true,
  limits: true,
};

/** Bounds of the HTTP entry. Sizes in bytes, times in milliseconds. */
export interface HttpLimits {
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number;
  /** A connection on which nothing happens, in either direction. */
  readonly idleTimeoutMs: number;
  /** A client that does not take what it is sent. */
  readonly writeTimeoutMs: number;
  readonly maxConnections: number;
  /**
   * Connections of one address, or of one /64 of IPv6, before TLS and before it is known who sends them; the rest stays free
   * for others. Not counted: trusted proxies, and loopback without an authenticator, where everybody has one address.
   */
  readonly maxConnectionsPerAddress: number;
  /** Requests of one address, or of one /64 of IPv6, before it is known who sends them. Only where an authenticator is asked. */
  readonly requestsPerMinutePerAddress: number;
  /** Credentials of one address that may fail before only those that have been good are looked at. */
  readonly failuresPerMinutePerAddress: number;
  /** Messages in one batch of a client of revision 2025-03-26. */
  readonly maxBatch: number;
}

export const HTTP_LIMITS: HttpLimits = {
  maxBodyBytes: 4 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  writeTimeoutMs: 30_000,
  maxConnections: 512,
  maxConnectionsPerAddress: 128,
  requestsPerMinutePerAddress: 6_000,
  failuresPerMinutePerAddress: 30,
  maxBatch: 50,
};

/** Every bound in {@link HttpLimits}. */
export const HTTP_LIMIT_KEYS: Readonly<Record<keyof HttpLimits, true>> = {
  maxBodyBytes: true,
  maxHeaderBytes: true,
  headersTimeoutMs: true,
  requestTimeoutMs: true,
  idleTimeoutMs: true,
  writeTimeoutMs: true,
  maxConnections: true,
  maxConnectionsPerAddress: true,
  requestsPerMinutePerAddress: true,
  failuresPerMinutePerAddress: true,
  maxBatch: true,
};
