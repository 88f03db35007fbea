import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { type Listener, listen } from "./listener.ts";

/** A proxy that opens tunnels (RFC 9110, section 9.3.6), and is no more than that. */
export interface ConnectProxy extends Listener {
  /** What tunnels were asked to, as `host:port`, oldest first. */
  readonly asked: readonly string[];
  /** Requests that were handed over whole: what a proxy that is no tunnel would see. */
  readonly whole: readonly string[];
}

/** @param routes where a tunnel to `host:port` ends; what is not there is refused */
export async function connectProxy(routes: Readonly<Record<string, number>>): Promise<ConnectProxy> {
  const asked: string[] = [];
  const whole: string[] = [];
  const server = createServer((request, response) => {
    whole.push(String(request.url));
    response.writeHead(403).end();
  });
  server.on("connect", (request, socket: Socket) => {
    const authority = String(request.url);
    asked.push(authority);
    const port = Object.hasOwn(routes, authority) ? routes[authority] : undefined;
    if (port === undefined) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const to = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      to.pipe(socket).pipe(to);
    });
    to.on("error", () => socket.destroy());
    socket.on("close", () => to.destroy());
  });
  return { ...(await listen(server)), asked, whole };
}
