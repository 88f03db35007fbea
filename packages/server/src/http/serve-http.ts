import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { rejectEntry } from "../protocol/entry.ts";
import type { Served } from "../serve.ts";
import type { GuardedServer } from "../server.ts";
import { refuseUnsafeBind } from "./bind.ts";
import { createEntry } from "./entry.ts";
import { type AllowedSources, loopbackSources } from "./guard-headers.ts";
import { serveMonitor } from "./monitor.ts";
import { HTTP_LIMITS, type HttpLimits, type HttpOptions } from "./options.ts";

/**
 * Serves over Streamable HTTP on plain node:http.
 *
 * @throws {ConfigError} the address can be reached from elsewhere and something that makes it safe is missing
 */
export async function serveHttp(server: GuardedServer, options: HttpOptions): Promise<Served> {
  refuseUnsafeBind(options);
  const limits = { ...HTTP_LIMITS, ...options.limits };
  // The port is known only once the socket is bound; until then no source is allowed.
  let allowed: AllowedSources = { hosts: new Set(), origins: new Set() };
  const entry = createEntry(server, options, limits, () => allowed);
  const http = createListener(entry.listener, options, limits, (error, socket) =>
    rejectConnection(server, error, socket),
  );
  const address = await listen(http, options.host ?? "127.0.0.1", options.port ?? 3000);
  allowed = allowedSources(options, address.port);
  const monitor = options.monitorPort === undefined ? undefined : await serveMonitor(server, options.monitorPort);
  const scheme = options.tls === undefined ? "http" : "https";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    address: `${scheme}://${host}:${address.port}/mcp`,
    ...(monitor === undefined ? {} : { monitorAddress: monitor.address }),
    stopAccepting: async () => {
      http.close();
      http.closeIdleConnections();
      monitor?.draining();
    },
    close: async () => {
      await entry.close();
      http.closeAllConnections();
      await monitor?.close();
    },
  };
}

function createListener(
  listener: RequestListener,
  options: HttpOptions,
  limits: HttpLimits,
  onClientError: (error: NodeJS.ErrnoException, socket: Duplex) => void,
): Server {
  const timeouts = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: 1_000,
    // Two Host headers must reach our own check; a lenient parser lets requests be smuggled.
    insecureHTTPParser: false,
  };
  const server =
    options.tls === undefined
      ? createHttpServer(timeouts, listener)
      : createHttpsServer({ ...timeouts, ...options.tls, minVersion: "TLSv1.2" }, listener);
  server.on("clientError", onClientError);
  server.maxConnections = limits.maxConnections;
  server.setTimeout(limits.idleTimeoutMs);
  return server;
}

/** What node:http itself turns away, by its error code: it never becomes a request, so it is recorded and answered here. */
const CONNECTION_FAULTS: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headers_too_large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "slow_request"],
};

function rejectConnection(server: GuardedServer, error: NodeJS.ErrnoException, socket: Duplex): void {
  // A reset is the client's own end of it, and nobody is left to answer.
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = CONNECTION_FAULTS[error.code ?? ""] ?? ["400 Bad Request", "bad_http"];
  rejectEntry(server, "http", { code: "invalid_input", reason, message: status });
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
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
