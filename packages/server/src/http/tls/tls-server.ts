import type { RequestListener } from "node:http";
import { createServer, type Server, type ServerOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { refuseBadClients } from "./bad-clients.ts";
import { loadCredentials } from "./credentials.ts";
import { sendHsts } from "./hsts.ts";
import { planTls, type TlsOptions } from "./options.ts";
import { type Reload, reloading, stampOf, type TlsRecords } from "./reload.ts";
import { contextOptions, handshakeOptions } from "./settings.ts";

export interface TlsServer {
  readonly http: Server;
  readonly reload: Reload;
}

/** What the TLS layer needs of its server. */
export interface TlsHooks extends TlsRecords {
  /** A client showed a certificate that is not good, though it need not have shown any. */
  badClient(why: string, address: string): void;
}

/**
 * An HTTPS server that is not listening yet.
 *
 * @throws {ConfigError} the certificate, the key or the clients' authority cannot be used
 */
export async function createTlsServer(
  tls: TlsOptions,
  settings: ServerOptions,
  handshakeTimeoutMs: number,
  listener: RequestListener,
  hooks: TlsHooks,
): Promise<TlsServer> {
  const plan = planTls(tls);
  const stamp = await stampOf(plan);
  const credentials = await loadCredentials(plan);
  const context = contextOptions(credentials);
  const handshake = handshakeOptions(plan.clientCertificates, handshakeTimeoutMs);
  hooks.loaded(credentials);
  const https = createServer({ ...settings, ...context, ...handshake }, listener);
  endFailedHandshakes(https);
  if (plan.clientCertificates === "optional") refuseBadClients(https, hooks.badClient);
  sendHsts(https);
  return { http: https, reload: reloading(https, plan, stamp, hooks) };
}

/**
 * Node makes a failed handshake a bad request, to be answered in HTTP. Such an answer waits for the handshake, and with it
 * the connection, for ever: a few hundred silent clients would take every place there is.
 */
function endFailedHandshakes(https: Server): void {
  https.removeAllListeners("tlsClientError");
  https.on("tlsClientError", (_: Error, socket: TLSSocket) => socket.destroy());
}
