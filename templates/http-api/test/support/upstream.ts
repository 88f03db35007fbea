import type { IncomingHttpHeaders, RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type Config, config } from "../../src/config.ts";

/** An API of a test's own, really listening. */
export interface Upstream {
  readonly baseUrl: string;
  /** Every request that arrived. */
  readonly seen: readonly { readonly line: string; readonly headers: IncomingHttpHeaders }[];
}

export const ORDER = { id: "A-1", item: "Lamp", quantity: 2, status: "open" };

export async function openUpstream(t: TestContext, listener: RequestListener): Promise<Upstream> {
  const seen: Upstream["seen"][number][] = [];
  const server = createServer((request, response) => {
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    listener(request, response);
  });
  return { baseUrl: await listen(t, server), seen };
}

/** An API that answers JSON. */
export function openJson(t: TestContext, body: unknown, status = 200): Promise<Upstream> {
  return openUpstream(t, (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
export async function listen(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The part of the configuration that `openApi` takes, with its defaults. */
export function apiConfig(api: Record<string, unknown>): Config["api"] {
  return config.parse({ api }).api;
}
