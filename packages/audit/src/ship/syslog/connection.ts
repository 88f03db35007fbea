import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import type { SyslogSettings } from "../options/target-options.ts";
import { readTls } from "../target/files.ts";
import { failureCode, ShipFailure } from "../target/target.ts";

/** A TLS connection to a receiver, with its certificate checked against its name. */
export interface Connection {
  /** Set once it has ended, however it did. */
  readonly ended: ShipFailure | undefined;
  /** Hands bytes to the kernel; settles when it has them. */
  write(bytes: Buffer): Promise<void>;
  /** Resolves when the connection has lived for `ms` more. @throws {ShipFailure} it ended before */
  survive(ms: number): Promise<void>;
  /** Ends in order: a receiver takes a connection that just breaks for an attack, and logs it. */
  end(): void;
  destroy(): void;
}

/** What the other side gets to say goodbye. */
const END_MS = 1000;

/** Resolves after the handshake. @throws {ShipFailure} */
export function openConnection(settings: SyslogSettings): { opened: Promise<Connection>; destroy(): void } {
  const { host, port } = settings;
  const socket = connect({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...readTls(settings) });
  let ended: ShipFailure | undefined;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const end = (failure: ShipFailure) => {
    ended ??= failure;
    failed.reject(ended);
  };
  socket.once("error", (error) => end(new ShipFailure(failureCode(error), { cause: error })));
  socket.once("close", () => end(new ShipFailure("closed")));
  // A receiver has nothing to say; what it says all the same must not fill the memory.
  socket.resume();
  socket.setNoDelay(true);
  const opened = new Promise<void>((resolve) => socket.once("secureConnect", resolve));
  const connection: Connection = {
    get ended() {
      return ended;
    },
    write: (bytes) => Promise.race([written(socket, bytes), failed.promise]),
    survive: (ms) => Promise.race([new Promise<void>((resolve) => setTimeout(resolve, ms)), failed.promise]),
    end() {
      socket.end();
      setTimeout(() => socket.destroy(), END_MS).unref();
    },
    destroy: () => socket.destroy(),
  };
  return {
    opened: Promise.race([opened.then(() => connection), failed.promise]),
    destroy: () => socket.destroy(),
  };
}

function written(socket: TLSSocket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(new ShipFailure(failureCode(error), { cause: error })) : resolve()));
  });
}
