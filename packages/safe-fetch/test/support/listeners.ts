import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Connections, whether anything was asked or not. */
  readonly connections: number;
  /** Headers of each request. */
  readonly seen: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** A web server that counts who comes. Answers with its address, unless told otherwise. */
export async function listen(address: string, port = 0, answer?: RequestListener): Promise<Listener> {
  const seen: IncomingHttpHeaders[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    seen.push(request.headers);
    if (answer === undefined) response.end(address);
    else answer(request, response);
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, address, resolve));
  return {
    address,
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    seen,
    close: () => closed(server),
  };
}

/** Listeners on the same port of several addresses: what tells them apart is the address alone. */
export async function listenOn<Name extends string>(
  addresses: Readonly<Record<Name, string>>,
  answer?: RequestListener,
): Promise<Readonly<Record<Name, Listener>> & { readonly port: number }> {
  const names = Object.keys(addresses) as Name[];
  // The port that the first one is given may be taken elsewhere: then another is tried.
  for (let attempt = 0; ; attempt++) {
    const open: Listener[] = [];
    try {
      for (const name of names) open.push(await listen(addresses[name], open[0]?.port ?? 0, answer));
      return Object.assign(Object.fromEntries(names.map((name, index) => [name, open[index]])), {
        port: open[0]!.port,
      }) as Readonly<Record<Name, Listener>> & { readonly port: number };
    } catch (error) {
      await Promise.all(open.map((one) => one.close()));
      if (attempt === 20) throw error;
    }
  }
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
