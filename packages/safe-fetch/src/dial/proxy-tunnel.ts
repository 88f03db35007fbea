import type { Socket } from "node:net";
import type { Destination } from "../rules/compile-rules.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";

/**
 * Asks the proxy at the other end of `socket` to connect it to `destination` (RFC 9110, section 9.3.6), for http as well: a proxy that
 * is handed whole requests sees their headers, and decides by them.
 *
 * @throws {SafeFetchError} `unreachable`: the proxy refuses, cannot, or does not speak HTTP
 */
export function openTunnel(
  socket: Socket,
  destination: Destination,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { host, port } = destination;
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  // An import of it evaluates everything it exports, WebSocket included: 33 ms at start, for those who have no proxy as well.
  const { request } = process.getBuiltinModule("node:http");
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => {
      socket.destroy();
      reject(error instanceof SafeFetchError ? error : new SafeFetchError("unreachable", { cause: error }));
    };
    request({
      method: "CONNECT",
      path: authority,
      // A connection of ours, so no agent: the global one can be pointed elsewhere by the environment.
      createConnection: () => socket,
      headers: {
        host: authority,
        ...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
      },
      maxHeaderSize: 16 * 1024,
      signal,
    })
      .once("connect", (response, _socket, head) => {
        const status = response.statusCode ?? 0;
        // Whoever speaks before being asked is not the origin: what came early would be taken for its first answer.
        if (status < 200 || status > 299 || head.length > 0) return failed(new SafeFetchError("unreachable"));
        resolve();
      })
      .once("error", (error) => failed(signal.aborted ? signal.reason : error))
      .end();
  });
}
