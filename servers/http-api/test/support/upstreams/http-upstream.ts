import { createServer, type OutgoingHttpHeaders } from "node:http";
import { type Listener, listen } from "./listener.ts";
import { readRequest, type SeenRequest } from "./seen.ts";

/** What a handler answers. Without a body there is none. */
export interface Reply {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export interface HttpUpstream extends Listener {
  /** Every request so far, oldest first, whole. */
  readonly requests: readonly SeenRequest[];
  /** How many had this path, query left out. */
  count(path: string): number;
}

/** An HTTP server that reads each request to its end, keeps it, and answers with what `handle` says. */
export async function httpUpstream(
  handle: (request: SeenRequest) => Reply | Promise<Reply>,
  host?: string,
): Promise<HttpUpstream> {
  const requests: SeenRequest[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    const answer = async () => {
      const request = await readRequest(incoming);
      requests.push(request);
      const { status = 200, headers = {}, body } = await handle(request);
      outgoing.writeHead(status, headers);
      outgoing.end(incoming.method === "HEAD" ? undefined : body);
    };
    // A client that went away takes its request with it; anything else is a fault of the test's own.
    answer().catch((error: Error) => outgoing.destroy(error));
  });
  const listener = await listen(server, host);
  return {
    ...listener,
    requests,
    count: (path) => requests.filter(({ target }) => target.split("?", 1)[0] === path).length,
  };
}

export function json(value: unknown, more: Omit<Reply, "body"> = {}): Reply {
  return { ...more, headers: { "content-type": "application/json", ...more.headers }, body: JSON.stringify(value) };
}
