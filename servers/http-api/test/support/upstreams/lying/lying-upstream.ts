import { createServer, type Socket } from "node:net";
import { type Listener, listen } from "../listener.ts";
import type { SeenRequest } from "../seen.ts";
import { COMPRESSION_LIES, makeBomb } from "./compressed.ts";
import { HEAD_LIES } from "./heads.ts";
import { JSON_LIES } from "./json.ts";
import { LENGTH_LIES } from "./lengths.ts";
import type { BombKind, Lie } from "./lie.ts";
import { REDIRECT_LIES } from "./redirects.ts";
import { TIMING_LIES } from "./timing.ts";
import { honest, parseRequests } from "./wire.ts";

/** Every lie there is; each is told at the path of its name. */
export const LIES: readonly Lie[] = [
  ...LENGTH_LIES,
  ...TIMING_LIES,
  ...COMPRESSION_LIES,
  ...REDIRECT_LIES,
  ...HEAD_LIES,
  ...JSON_LIES,
];

export interface LyingUpstream extends Listener {
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** How many asked for this lie. */
  count(name: string): number;
  /** Bytes of bodies that lies without an end got rid of before they were stopped. */
  sent(): number;
}

export interface LyingOptions {
  /** An origin that redirects point to. Default: nobody's. */
  readonly elsewhere?: string;
  readonly host?: string;
}

/**
 * A server that lies at `/NAME`, for each name of {@link LIES}; anything else it answers honestly with `{"target": …}`. It
 * stands on bare sockets: an HTTP library would not let it lie.
 */
export async function lyingUpstream(options: LyingOptions = {}): Promise<LyingUpstream> {
  const { elsewhere = "http://127.0.0.2:9", host } = options;
  const lies = new Map(LIES.map((lie) => [lie.name, lie]));
  const bombs = new Map<BombKind, Promise<Buffer>>();
  const requests: SeenRequest[] = [];
  let sent = 0;

  const bomb = (kind: BombKind): Promise<Buffer> => {
    const made = bombs.get(kind) ?? makeBomb(kind);
    bombs.set(kind, made);
    return made;
  };
  const answer = async (socket: Socket, request: SeenRequest): Promise<void> => {
    requests.push(request);
    const lie = lies.get(nameOf(request));
    if (lie === undefined) return honest(socket, JSON.stringify({ target: request.target }));
    await lie.tell(socket, request, { origin: listener.origin, elsewhere, bomb, sent: (bytes) => (sent += bytes) });
  };
  const server = createServer((socket) => {
    parseRequests(socket, (request) => void answer(socket, request).catch((error: Error) => socket.destroy(error)));
  });
  const listener: Listener = await listen(server, host);
  return {
    ...listener,
    requests,
    count: (name) => requests.filter((request) => nameOf(request) === name).length,
    sent: () => sent,
  };
}

function nameOf({ target }: SeenRequest): string {
  return target.split("?", 1)[0]?.split("/").at(-1) ?? "";
}
