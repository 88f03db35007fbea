import type { Socket } from "node:net";
import { pairs, type SeenRequest } from "../seen.ts";

/** Writes a head exactly as given, CRLF after each line. */
export function head(socket: Socket, lines: readonly string[]): void {
  socket.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
}

/** A whole, honest answer. */
export function honest(
  socket: Socket,
  body: string | Uint8Array,
  more: readonly string[] = [],
  status = "200 OK",
): void {
  const bytes = Buffer.from(body);
  const type = more.some((line) => /^content-type:/i.test(line)) ? [] : ["content-type: application/json"];
  head(socket, [`HTTP/1.1 ${status}`, ...type, ...more, `content-length: ${bytes.length}`]);
  socket.write(bytes);
}

/** Writes pieces until they end or nobody reads any more, never faster than they are read; tells of each as it leaves. */
export async function pour(socket: Socket, pieces: Iterable<Uint8Array>, sent: (bytes: number) => void): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    sent(piece.length);
    if (!socket.write(piece)) await drained(socket);
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

/** Requests of one connection, as far as a liar has to understand them. */
export function parseRequests(socket: Socket, onRequest: (request: SeenRequest) => void): void {
  let kept = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    kept = Buffer.concat([kept, piece]);
    for (;;) {
      const end = kept.indexOf("\r\n\r\n");
      if (end === -1) return;
      const [first = "", ...lines] = kept.subarray(0, end).toString("latin1").split("\r\n");
      const rawHeaders = pairs(
        lines.flatMap((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
      );
      const headers = Object.fromEntries(rawHeaders.map(([name, value]) => [name.toLowerCase(), value]));
      const length = Number(headers["content-length"] ?? 0);
      if (kept.length < end + 4 + length) return;
      const [method = "", target = ""] = first.split(" ");
      const body = Buffer.from(kept.subarray(end + 4, end + 4 + length));
      kept = kept.subarray(end + 4 + length);
      onRequest({ method, target, headers, rawHeaders, body });
    }
  });
}
