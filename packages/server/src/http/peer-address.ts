import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** The address a connection came from, or `""`. */
export type PeerOf = (socket: Duplex) => string;

/** Notes where each connection comes from while that can be asked: a socket whose peer has reset it no longer knows. */
export function notePeers(http: Server): PeerOf {
  const peers = new WeakMap<Duplex, string>();
  http.prependListener("connection", (socket: Socket) => void peers.set(socket, socket.remoteAddress ?? ""));
  return (socket) => {
    // A TLS socket stands on the one that was accepted, and outside of Node nothing else leads there.
    const { _parent: below } = socket as Duplex & { _parent?: Duplex };
    return peers.get(below ?? socket) ?? "";
  };
}
