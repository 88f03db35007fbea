import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { refuseUnknownKeys } from "../errors/known-keys.ts";
import type { Served } from "../served.ts";
import type { GuardedServer } from "../server.ts";
import { recordBelowEntry } from "./below-entry.ts";
import { refuseUnsafeBind } from "./bind.ts";
import { limitConnections } from "./connections.ts";
import { createEntry } from "./entry.ts";
import { createEntryRecords, type EntryRecords } from "./entry-records.ts";
import { type AllowedSources, loopbackSources } from "./guard-headers.ts";
import { type Monitor, serveMonitor } from "./monitor.ts";
import { HTTP_LIMIT_KEYS, HTTP_LIMITS, HTTP_OPTIONS, type HttpLimits, type HttpOptions } from "./options.ts";
import { notePeers } from "./peer-address.ts";
import { clientAddress } from "./proxy/client-address.ts";
import { refuseOtherPeers, refuseRelayed, refuseUntrustedPeer } from "./proxy/peer.ts";
import { parseTrustedProxies, type TrustedProxies } from "./proxy/trusted.ts";
import { answerThrown, boundRecords } from "./rejected.ts";
import { tlsRecords } from "./tls/records.ts";
import type { Reload } from "./tls/reload.ts";
import { createTlsServer } from "./tls/tls-server.ts";

/** The HTTP transport in service. */
export interface ServedHttp extends Served {
  /** Reads the TLS files again now; `undefined` without TLS. */
  readonly reload: Reload | undefined;
}

/**
 * Serves over Streamable HTTP on plain node:http.
 *
 * @throws {ConfigError} the address can be reached from elsewhere and something that makes it safe is missing, or cannot
 * be used
 */
export async function serveHttp(server: GuardedServer, options: HttpOptions): Promise<ServedHttp> {
  refuseUnknownKeys("http", options, HTTP_OPTIONS);
  refuseUnknownKeys("http.limits", options.limits, HTTP_LIMIT_KEYS);
  refuseUnsafeBind(options);
  const limits = { ...HTTP_LIMITS, ...options.limits };
  // The port is known only once the socket is bound; until then no source is allowed.
  let allowed: AllowedSources = { hosts: new Set(), origins: new Set() };
  const entry = createEntry(server, options, limits, () => allowed);
  const trusted = parseTrustedProxies(options.trustedProxies);
  const records = createEntryRecords(server);
  const listener = behindTrusted(server, records, entry.listener, options, trusted);
  const { http, reload } = await createListener(server, records, listener, options, limits);
  if (options.authenticator !== undefined) {
    const refused = (address: string): void => rejectBelow(records, address, "connections_of_address");
    limitConnections(http, limits.maxConnectionsPerAddress, trusted, refused);
  }
  if (trusted.any && options.tls === undefined) {
    refuseOtherPeers(http, trusted, (address) => rejectBelow(records, address, "untrusted_peer"));
  }
  recordBelowEntry(http, records, notePeers(http), entry);
  const address = await listen(http, options.host ?? "127.0.0.1", options.port ?? 3000);
  allowed = allowedSources(options, address.port);
  const monitor = await startMonitor(server, options.monitorPort, http);
  const scheme = options.tls === undefined ? "http" : "https";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    address: `${scheme}://${host}:${address.port}/mcp`,
    reload,
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
      records.close();
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

async function createListener(
  server: GuardedServer,
  records: EntryRecords,
  listener: RequestListener,
  options: HttpOptions,
  limits: HttpLimits,
): Promise<{ readonly http: Server; readonly reload: Reload | undefined }> {
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
  const made =
    options.tls === undefined
      ? { http: createServer(settings, listener), reload: undefined }
      : await createTlsServer(options.tls, settings, headersTimeoutMs, listener, {
          ...tlsRecords(server),
          badClient: (why, address) => rejectBelow(records, address, "client_certificate", { why }),
        });
  made.http.maxConnections = limits.maxConnections;
  made.http.setTimeout(limits.idleTimeoutMs);
  return made;
}

/** Who may speak for whom is settled before the entry looks at anything. */
function behindTrusted(
  server: GuardedServer,
  records: EntryRecords,
  listener: RequestListener,
  options: HttpOptions,
  trusted: TrustedProxies,
): RequestListener {
  return (request, response) => {
    boundRecords(response, records, () => clientAddress(request, trusted));
    try {
      refuseUntrustedPeer(request, trusted);
      if (options.authenticator === undefined) refuseRelayed(request);
    } catch (thrown) {
      response.on("error", () => undefined);
      answerThrown(server, response, thrown);
      return;
    }
    listener(request, response);
  };
}

/** A connection that ends without an answer. */
function rejectBelow(
  records: EntryRecords,
  address: string,
  reason: string,
  detail: Readonly<Record<string, string>> = {},
): void {
  records.reject(address, { code: "denied", reason, message: "the connection is not served", detail });
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
