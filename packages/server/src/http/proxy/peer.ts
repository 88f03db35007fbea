import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { Rejected } from "../rejected.ts";
import { parseAddress } from "./address.ts";
import type { TrustedProxies } from "./trusted.ts";

/**
 * Ends every connection that is not a trusted proxy's, before a byte of it is read. For plain HTTP behind a proxy: whoever
 * comes around the proxy comes without TLS, and could say it was somebody else's client.
 */
export function refuseOtherPeers(http: Server, trusted: TrustedProxies, refused: (address: string) => void): void {
  // Before node:http, which would answer it.
  http.prependListener("connection", (socket: Socket) => {
    const { remoteAddress } = socket;
    if (trusted.has(parseAddress(remoteAddress))) return;
    socket.destroy();
    refused(remoteAddress ?? "");
  });
}

/**
 * Refuses what cannot have come safely: without TLS and not from a trusted proxy, or from one that does not say that its
 * own client used TLS. Said twice is not said: one of the two would be the client's.
 */
export function refuseUntrustedPeer(request: IncomingMessage, trusted: TrustedProxies): void {
  if (!trusted.any) return;
  const { socket } = request;
  if (!trusted.has(parseAddress(socket.remoteAddress))) {
    if (socket instanceof TLSSocket) return;
    throw new Rejected(403, {
      code: "denied",
      reason: "untrusted_peer",
      message: "Only the proxies of this server may connect without TLS.",
    });
  }
  const said = request.headersDistinct["x-forwarded-proto"] ?? [];
  if (said.length === 1 && said[0]?.toLowerCase() === "https") return;
  throw new Rejected(403, {
    code: "denied",
    reason: "forwarded_proto",
    message:
      "This request did not come over https, as far as the proxy says. The proxy has to set X-Forwarded-Proto, once.",
    detail: { proto: said.join(", ") },
  });
}

const TRACES = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/**
 * Where no authenticator asks and every local client is let in: refuses what a proxy or a tunnel on this machine passes
 * on. Its connection is local, its sender may be anywhere. A relay that leaves no trace is not seen.
 */
export function refuseRelayed(request: IncomingMessage): void {
  const trace = TRACES.find((name) => request.headers[name] !== undefined);
  if (trace === undefined) return;
  throw new Rejected(403, {
    code: "denied",
    reason: "relayed",
    message:
      "This server is for its own machine, and the request came through a proxy. To serve others the operator adds an authenticator and trustedProxies.",
    detail: { trace },
  });
}
