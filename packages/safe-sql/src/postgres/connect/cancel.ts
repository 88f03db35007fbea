import { connect as connectNet, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isSocket, type Target } from "./target.ts";

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/**
 * Asks the server to stop what the backend `processId` runs, over a connection of its own, encrypted as the first one is (the secret
 * key would let anyone who reads it stop later statements).
 *
 * Resolves once the server has closed this connection: the signal is sent by then, so a later statement is not hit by it. Never
 * rejects; whether the statement ended is seen on its own connection.
 */
export function sendCancel(target: Target, processId: number, secretKey: number, waitMs: number): Promise<void> {
  const { host, port, ssl } = target;
  return new Promise((resolve) => {
    const plain = connectNet(isSocket(host) ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    const sockets: Socket[] = [plain];
    const done = (): void => {
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const send = (socket: Socket): void => {
      socket.on("error", done).on("close", done).resume();
      socket.write(integers(16, CANCEL_REQUEST, processId, secretKey));
    };
    plain.on("error", done);
    plain.once("connect", () => {
      if (ssl === false) return send(plain);
      plain.write(integers(8, SSL_REQUEST));
      plain.once("data", (answer: Buffer) => {
        if (answer.toString("latin1") !== "S") return done();
        const encrypted = connectTls({ ...ssl, host, socket: plain }, () => send(encrypted));
        sockets.push(encrypted.on("error", done));
      });
    });
  });
}

function integers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value | 0, index * 4);
  return bytes;
}
