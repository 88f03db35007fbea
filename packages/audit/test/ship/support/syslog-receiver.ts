import type { AddressInfo, Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { onTestFinished } from "vitest";

/** One message, taken apart by RFC 5424. */
export interface Message {
  readonly priority: number;
  readonly timestamp: string;
  readonly hostname: string;
  readonly app: string;
  readonly id: string;
  readonly sdId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface SyslogReceiver {
  readonly port: number;
  /** `deaf`: takes connections and reads nothing. `cut`: resets a connection once data came. */
  mood: "ok" | "deaf" | "cut";
  readonly messages: Message[];
  connections: number;
  close(): Promise<void>;
}

const MESSAGE =
  /^<(\d{1,3})>1 (\S+) (\S+) (\S+) - (\S+) \[([^\s=\]"]+@\d+)((?: [a-z_]+="(?:[^"\\\]]|\\["\\\]])*")*)\] ([\s\S]*)$/;

/** A receiver of RFC 5425 frames on this machine. */
export async function syslogReceiver(tls: TlsOptions, port = 0): Promise<SyslogReceiver> {
  const open = new Set<Socket>();
  const server = createServer(tls, (socket) => {
    receiver.connections++;
    let rest = Buffer.alloc(0);
    socket.on("error", () => undefined);
    if (receiver.mood === "deaf") return;
    socket.on("data", (chunk) => {
      if (receiver.mood === "cut") {
        socket.destroy();
        return;
      }
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const space = rest.indexOf(" ");
        const length = Number(rest.toString("latin1", 0, Math.max(0, space)));
        if (space === -1 || rest.length < space + 1 + length) break;
        receiver.messages.push(parse(rest.toString("utf8", space + 1, space + 1 + length)));
        rest = rest.subarray(space + 1 + length);
      }
    });
  });
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  const receiver: SyslogReceiver = {
    port: 0,
    mood: "ok",
    messages: [],
    connections: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => receiver.close());
  return Object.assign(receiver, { port: (server.address() as AddressInfo).port });
}

function parse(message: string): Message {
  const match = MESSAGE.exec(message);
  if (match === null) throw new Error(`not RFC 5424: ${message.slice(0, 200)}`);
  const [, priority, timestamp = "", hostname = "", app = "", id = "", sdId = "", data = "", text = ""] = match;
  return {
    priority: Number(priority),
    timestamp,
    hostname,
    app,
    id,
    sdId,
    data: Object.fromEntries(
      [...data.matchAll(/ ([a-z_]+)="((?:[^"\\\]]|\\["\\\]])*)"/g)].map(([, name, value = ""]) => [
        name,
        value.replaceAll(/\\(["\\\]])/g, "$1"),
      ]),
    ),
    text,
  };
}
