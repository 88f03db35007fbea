import { connect } from "node:net";
import { isSocket, type Target } from "./target.ts";

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Whether a server of PostgreSQL answers at the target at all: it is asked whether it speaks TLS, which any server answers at once,
 * without a session, however busy it is.
 */
export function isReached({ host, port }: Target, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(isSocket(host) ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    const done = (isThere: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isThere);
    };
    const timer = setTimeout(done, waitMs, false);
    socket.on("error", () => done(false)).on("close", () => done(false));
    socket.once("connect", () => socket.write(SSL_REQUEST));
    socket.once("data", () => done(true));
  });
}
