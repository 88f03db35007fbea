import type { Server } from "node:https";
import type { TLSSocket } from "node:tls";

/**
 * Where client certificates are optional, ends a connection that shows one that is not good. To go on without it would
 * hand an expired or forged certificate the rights of an honest caller, and hide that somebody tried.
 */
export function refuseBadClients(https: Server, refused: (why: string, address: string) => void): void {
  // Before node:http sees the connection, and so before any request of it is read.
  https.prependListener("secureConnection", (socket: TLSSocket) => {
    if (socket.authorized || socket.getPeerX509Certificate() === undefined) return;
    // Typed as an error, but it is OpenSSL's code.
    refused(String(socket.authorizationError), socket.remoteAddress ?? "");
    socket.destroy();
  });
}
