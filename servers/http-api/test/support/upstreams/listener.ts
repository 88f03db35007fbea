import type { AddressInfo, Server, Socket } from "node:net";

/** A server on loopback, for as long as a test runs. */
export interface Listener extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Connections ever accepted. */
  connections(): number;
  /** Connections open now. */
  open(): number;
  /** Cuts every open connection without a word; new ones are accepted. */
  cutAll(): void;
}

/** @param host an address of loopback: 127.0.0.0/8 or ::1 */
export async function listen(server: Server, host = "127.0.0.1", port = 0): Promise<Listener> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on("connection", (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    // Clients that give up are what most of these tests are about.
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    host,
    port: bound,
    connections: () => accepted,
    open: () => sockets.size,
    cutAll,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      cutAll();
      await closed;
    },
  };
}
