import type { Server } from "node:http";
import type { Socket } from "node:net";
import { addressKey } from "@hardened-mcp/limits";
import { parseAddress } from "./proxy/address.ts";
import type { TrustedProxies } from "./proxy/trusted.ts";

/**
 * Lets one address, or one /64 of IPv6, hold at most `max` connections, counted before TLS: a client that opens
 * connections, says nothing, and opens them again when they are cut would otherwise keep every place there is.
 *
 * A trusted proxy stands for all of its clients and is not counted. Memory is one number for each address that has a
 * connection open.
 *
 * @param refused is told after the connection has been ended
 */
export function limitConnections(
  http: Server,
  max: number,
  trusted: TrustedProxies,
  refused: (address: string) => void,
): void {
  const open = new Map<string, number>();
  // In place of Node's own listener and not before it: a TLS layer on an ended connection fails once more, on record.
  const accept = http.listeners("connection");
  http.removeAllListeners("connection");
  http.on("connection", (socket: Socket) => {
    if (socket.destroyed) return;
    const address = socket.remoteAddress ?? "";
    if (!trusted.has(parseAddress(address))) {
      const key = addressKey(address);
      const held = open.get(key) ?? 0;
      // Written so that a limit that is no number lets nobody in.
      if (!(held < max)) {
        socket.destroy();
        refused(address);
        return;
      }
      open.set(key, held + 1);
      socket.once("close", () => {
        const left = (open.get(key) ?? 1) - 1;
        if (left === 0) open.delete(key);
        else open.set(key, left);
      });
    }
    for (const listener of accept) listener.call(http, socket);
  });
}
