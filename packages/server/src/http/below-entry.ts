import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { DropArgument } from "node:net";
import type { Duplex } from "node:stream";
import type { Entry } from "./entry.ts";
import type { EntryRecords } from "./entry-records.ts";
import type { PeerOf } from "./peer-address.ts";

/** What node:http itself turns away, by its error code. */
const FAULTS: Readonly<Record<string, readonly [status: string, reason: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headers_too_large"],
  HPE_INVALID_EOF_STATE: ["400 Bad Request", "aborted"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "slow_request"],
};
const BAD_HTTP = ["400 Bad Request", "bad_http"] as const;

/**
 * Records and answers what never becomes a request of the entry: node:http would do it in silence. Node's own answers
 * stand in for ours where its events are heard, hence one listener for each of them.
 */
export function recordBelowEntry(http: Server, records: EntryRecords, peerOf: PeerOf, entry: Entry): void {
  const record = (address: string, reason: string, message: string): void => {
    records.reject(address, { code: "invalid_input", reason, message });
  };

  http.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    entry.cutOff(socket);
    // A reset is the client's own end of it, and nobody is left to answer.
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, reason] = FAULTS[error.code ?? ""] ?? BAD_HTTP;
    record(peerOf(socket), reason, status);
    cut(socket, status);
  });
  http.on("checkExpectation", ({ socket }: IncomingMessage, response: ServerResponse) => {
    record(peerOf(socket), "expectation", "417 Expectation Failed");
    response.writeHead(417, { connection: "close" }).end();
  });
  http.on("connect", (_request: IncomingMessage, socket: Duplex) => {
    record(peerOf(socket), "method", "405 Method Not Allowed");
    cut(socket, "405 Method Not Allowed");
  });
  http.on("drop", (peer?: DropArgument) => record(peer?.remoteAddress ?? "", "connections", "too many connections"));
  http.on("tlsClientError", (_: Error, socket: Duplex) => record(peerOf(socket), "tls", "the TLS handshake failed"));
}

/** An answer in the middle of another one would be read as part of it; then the cut itself is the answer. */
function cut(socket: Duplex, status: string): void {
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: ServerResponse };
  if (answering?.headersSent) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
