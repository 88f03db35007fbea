import type { LookupFunction, Socket } from "node:net";
import type { buildConnector } from "undici";
import type { Destination, Rules } from "../rules/compile-rules.ts";
import { SafeFetchError } from "../safe-fetch-error.ts";
import { checkedAddresses } from "./checked-addresses.ts";
import type { ProxyServer } from "./compile-proxy.ts";
import { createLookUp } from "./look-up.ts";
import { openSocket } from "./open-socket.ts";
import { openTunnel } from "./proxy-tunnel.ts";
import { secureSocket, type TlsMaterial } from "./secure-socket.ts";
import type { LookUp } from "./shared-look-ups.ts";

export interface ConnectorOptions {
  readonly rules: Rules;
  readonly lookup: LookupFunction | undefined;
  readonly tls: TlsMaterial;
  readonly proxy: ProxyServer | undefined;
  readonly timeoutMs: number;
  /** What is being dialled now; whoever aborts one ends it. */
  readonly dials: Set<AbortController>;
}

/** The one place where connections are made. What undici asks for is held against the rules once more, and only then dialled. */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { rules, tls, proxy, dials, timeoutMs } = options;
  const ways: Ways = { lookUp: createLookUp(options.lookup), tls, proxy };
  return ({ protocol, hostname, port }, callback) => {
    const bracketed = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
    const destination = rules({ protocol, hostname: bracketed, port });
    if (destination === undefined) return callback(new SafeFetchError("host_not_allowed"), null);
    const dial = new AbortController();
    const { signal } = dial;
    const timer = setTimeout(() => dial.abort(new SafeFetchError("timeout")), timeoutMs);
    dials.add(dial);
    const done = () => {
      clearTimeout(timer);
      dials.delete(dial);
    };
    Promise.race([dialled(destination, ways, signal), aborted(signal)]).then(
      (socket) => {
        done();
        callback(null, socket);
      },
      (error) => {
        done();
        callback(error, null);
      },
    );
  };
}

/** How a destination is come to. */
interface Ways extends Pick<ConnectorOptions, "tls" | "proxy"> {
  readonly lookUp: LookUp;
}

async function dialled(destination: Destination, { lookUp, tls, proxy }: Ways, signal: AbortSignal): Promise<Socket> {
  const socket =
    proxy === undefined
      ? await reach(destination, lookUp, signal)
      : await reachThrough(proxy, destination, lookUp, signal);
  return destination.isTls ? secureSocket(socket, destination.host, tls, signal) : socket;
}

async function reach(destination: Destination, lookUp: LookUp, signal: AbortSignal): Promise<Socket> {
  const addresses = await checkedAddresses(destination, lookUp, signal);
  signal.throwIfAborted();
  return openSocket(addresses, destination.port, signal);
}

async function reachThrough(
  { destination: proxy, ca, authorization }: ProxyServer,
  destination: Destination,
  lookUp: LookUp,
  signal: AbortSignal,
): Promise<Socket> {
  const open = await reach(proxy, lookUp, signal);
  const socket = proxy.isTls ? await secureSocket(open, proxy.host, ca === undefined ? {} : { ca }, signal) : open;
  await openTunnel(socket, destination, authorization, signal);
  return socket;
}

/** A look-up that was given cannot be called off: it is left behind. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
