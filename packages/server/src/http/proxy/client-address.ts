import type { IncomingMessage } from "node:http";
import { parseAddress } from "./address.ts";
import type { TrustedProxies } from "./trusted.ts";

/**
 * The address a request comes from, for the record and for limits; never a proof of who it is.
 *
 * That of the socket, unless it is a trusted proxy's. Then `X-Forwarded-For` is read from the right, past every trusted
 * proxy: each appends what it saw, so all that stands left of the first stranger is the stranger's own invention. What
 * is malformed there leaves the address of the proxy that passed it on. `Forwarded` (RFC 7239) is not read.
 *
 * @returns an IP address in its one spelling, or `""` when the connection has gone
 */
export function clientAddress(request: IncomingMessage, trusted: TrustedProxies): string {
  const { remoteAddress } = request.socket;
  const peer = parseAddress(remoteAddress);
  if (peer === undefined) return remoteAddress ?? "";
  if (!trusted.has(peer)) return peer.text;
  let nearest = peer;
  for (const hop of (request.headersDistinct["x-forwarded-for"] ?? []).join(",").split(",").reverse()) {
    const address = parseAddress(hop.trim());
    if (address === undefined) return peer.text;
    nearest = address;
    if (!trusted.has(address)) break;
  }
  return nearest.text;
}
