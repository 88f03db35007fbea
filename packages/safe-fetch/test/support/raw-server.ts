import { type AddressInfo, createServer, type Socket } from "node:net";

export interface RawServer {
  readonly port: number;
  /** Connections that are open. */
  readonly open: number;
  /** Bytes that were handed to the kernel for the last one who asked for this path. */
  written(path: string): number;
  close(): Promise<void>;
}

/** A server that says what it wants to say, HTTP or not, to each head that comes. `path` is what was asked for. */
export async function startRawServer(answer: (socket: Socket, path: string) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const asked = new Map<string, Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let head = "";
    socket.on("data", (chunk) => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      const path = head.split(" ", 2)[1] ?? "";
      head = "";
      asked.set(path, socket);
      answer(socket, path);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return sockets.size;
    },
    // Without what waits in the socket's own buffer; Node counts that, too, until it is destroyed.
    written: (path) => asked.get(path)?.bytesWritten ?? 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
