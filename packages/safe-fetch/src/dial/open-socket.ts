import { connect, type LookupFunction, type Socket } from "node:net";
import { type ParsedAddress, parseAddress } from "../address/parsed-address.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";

/**
 * A connection to one of `addresses`, which have been checked: nothing is looked up again. Node tries them by turns (RFC 8305).
 *
 * @throws {SafeFetchError} `unreachable`, `address_not_allowed`
 */
export function openSocket(addresses: readonly ParsedAddress[], port: number, signal: AbortSignal): Promise<Socket> {
  const lookup: LookupFunction = (_host, _options, callback) =>
    callback(
      null,
      addresses.map(({ text, family }) => ({ address: text, family })),
    );
  return new Promise((resolve, reject) => {
    const socket = connect({
      // A name that leads nowhere: should the hook ever not be asked, there is no address to fall back on.
      host: "checked.invalid",
      port,
      lookup,
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    });
    const stop = () => fail(signal.reason);
    const fail = (error: unknown) => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      reject(error instanceof SafeFetchError ? error : new SafeFetchError("unreachable", { cause: error }));
    };
    signal.addEventListener("abort", stop);
    socket.once("error", fail);
    socket.once("connect", () => {
      // Asked of the kernel, not of what was meant: whatever Node, a hook or a translator did in between, no byte goes elsewhere.
      const reached = parseAddress(socket.remoteAddress ?? "")?.text;
      if (!addresses.some(({ text }) => text === reached)) return fail(new SafeFetchError("address_not_allowed"));
      signal.removeEventListener("abort", stop);
      socket.off("error", fail);
      resolve(socket);
    });
    if (signal.aborted) stop();
  });
}
