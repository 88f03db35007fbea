import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What a request looked like to the API. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Handler = (request: Seen, response: ServerResponse, at: number) => unknown;

/** A real API on loopback. */
export interface TestApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  /** What answers; may be changed. */
  handle: Handler;
  /** Cuts every connection. */
  cut(): void;
}

/** @param host `127.0.0.2` is another host to everyone but the machine it is on */
export async function startApi(
  handle: Handler = (_, response) => response.end("ok"),
  host = "127.0.0.1",
): Promise<TestApi> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const parts: Buffer[] = [];
    try {
      for await (const part of incoming) parts.push(part as Buffer);
    } catch {
      // Broken off by whoever sent it.
      return;
    }
    const request = { method, url, headers, body: Buffer.concat(parts).toString() };
    seen.push(request);
    await api.handle(request, response, seen.length);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const api: TestApi = {
    url: `http://${host}:${port}`,
    port,
    seen,
    handle,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      api.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return api;
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
