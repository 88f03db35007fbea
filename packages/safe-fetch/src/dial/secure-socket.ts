import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { SafeFetchError } from "../safe-fetch-error.ts";

export interface TlsMaterial {
  /** PEM; in place of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** TLS over `socket`, for `host` and nobody else. @throws {SafeFetchError} `unreachable` */
export function secureSocket(
  socket: Socket,
  host: string,
  material: TlsMaterial,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      ...material,
      socket,
      host,
      // RFC 6066, section 3: an address is no server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion: "TLSv1.2",
      // Said, because NODE_TLS_REJECT_UNAUTHORIZED=0 switches the default off.
      rejectUnauthorized: true,
      ALPNProtocols: ["http/1.1"],
    });
    const stop = () => fail(signal.reason);
    const fail = (error: unknown) => {
      signal.removeEventListener("abort", stop);
      secure.destroy();
      socket.destroy();
      reject(error instanceof SafeFetchError ? error : new SafeFetchError("unreachable", { cause: error }));
    };
    signal.addEventListener("abort", stop);
    secure.once("error", fail);
    const ended = () => fail(new SafeFetchError("unreachable"));
    secure.once("close", ended);
    secure.once("secureConnect", () => {
      signal.removeEventListener("abort", stop);
      secure.off("close", ended);
      secure.off("error", fail);
      resolve(secure);
    });
    if (signal.aborted) stop();
  });
}
