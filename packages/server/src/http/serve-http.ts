import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { refuseUnknownKeys } from "../errors/known-keys.ts";
import type { Served } from "../served.ts";
import type { GuardedServer } from "../server.ts";
import { recordBelowEntry } from "./below-entry.ts";
import { refuseUnsafeBind } from "./bind.ts";
import { createEntry } from "./entry.ts";
import { type AllowedSources, loopbackSources } from "./guard-headers.ts";
import { type Monitor, serveMonitor } from "./monitor.ts";
import { HTTP_LIMIT_KEYS, HTTP_LIMITS, HTTP_OPTIONS, type HttpLimits, type HttpOptions } from "./options.ts";

/**
 * Serves over Streamable HTTP on plain node:http.
 *
 * @throws {ConfigError} the address can be reached from elsewhere and something that makes it safe is missing
 */
export async function serveHttp(server: GuardedServer, options: HttpOptions): Promise<Served> {
  refuseUnknownKeys("http", options, HTTP_OPTIONS);
  refuseUnknownKeys("http.limits", options.limits, HTTP_LIMIT_KEYS);
  refuseUnsafeBind(options);
  const limits = { ...HTTP_LIMITS, ...options.limits };
  // The port is known only once the socket is bound; until then no source is allowed.
  let allowed: AllowedSources = { hosts: new Set(), origins: new Set() };
  const entry = createEntry(server, options, limits, () => allowed);
  const http = createListener(entry.listener, options, limits);
  recordBelowEntry(http, server, entry);
  const address = await listen(http, options.host ?? "127.0.0.1", options.port ?? 3000);
  allowed = allowedSources(options, address.port);
  const monitor = await startMonitor(server, options.monitorPort, http);
  const scheme = options.tls === undefined ? "http" : "https";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    address: `${scheme}://${host}:${address.port}/mcp`,
    ...(monitor === undefined ? {} : { monitorAddress: monitor.address }),
    stopAccepting: async () => {
      entry.stopAccepting();
      http.close();
      http.closeIdleConnections();
      monitor?.draining();
    },
    flush: (ms) => entry.idle(ms),
    close: async () => {
      await entry.close();
      http.closeAllConnections();
      await monitor?.close();
    },
  };
}

/** A monitoring port that cannot be had must not leave the endpoint open behind the error. */
async function startMonitor(
  server: GuardedServer,
  port: number | undefined,
  http: Server,
): Promise<Monitor | undefined> {
  if (port === undefined) return undefined;
  try {
    return await serveMonitor(server, port);
  } catch (error) {
    http.close();
    http.closeAllConnections();
    throw error;
  }
}

function createListener(listener: RequestListener, options: HttpOptions, limits: HttpLimits): Server {
  const { headersTimeoutMs, requestTimeoutMs } = limits;
  const settings = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs, requestTimeoutMs),
    // A request without Host must reach our own check, which puts it on record.
    requireHostHeader: false,
    // A lenient parser lets requests be smuggled.
    insecureHTTPParser: false,
  };
  const tls = { ...options.tls, minVersion: "TLSv1.2", handshakeTimeout: headersTimeoutMs } as const;
  const server =
    options.tls === undefined
      ? createHttpServer(settings, listener)
      : createHttpsServer({ ...settings, ...tls }, listener);
  server.maxConnections = limits.maxConnections;
  server.setTimeout(limits.idleTimeoutMs);
  return server;
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

function allowedSources(options: HttpOptions, port: number): AllowedSources {
  const loopback = loopbackSources(port, options.tls === undefined ? "http" : "https");
  const lower = (values: readonly string[]): ReadonlySet<string> => new Set(values.map((value) => value.toLowerCase()));
  return {
    hosts: options.allowedHosts === undefined ? loopback.hosts : lower(options.allowedHosts),
    origins: options.allowedOrigins === undefined ? loopback.origins : lower(options.allowedOrigins),
  };
}
