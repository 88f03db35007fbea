import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { openApi } from "../../src/api.ts";
import { config } from "../../src/config.ts";
import { order } from "../../src/order.ts";

/** An API of a test's own, really listening. */
export interface Upstream {
  readonly baseUrl: string;
  /** Every request that arrived. */
  readonly seen: readonly { readonly line: string; readonly headers: IncomingHttpHeaders }[];
}

export const ORDER = { id: "A-1", item: "Lamp", quantity: 2, status: "open" };

/** Listens on a free port of 127.0.0.1 until the test ends. */
export async function openUpstream(t: TestContext, listener: RequestListener): Promise<Upstream> {
  const seen: Upstream["seen"][number][] = [];
  const server = createServer((request, response) => {
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close().closeAllConnections());
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** An API that answers JSON. */
export function openJson(t: TestContext, body: unknown): Promise<Upstream> {
  return openUpstream(t, (_, to) =>
    to.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)),
  );
}

/** The way to an API in this process, where a test can name addresses. */
export function openOrders(
  t: TestContext,
  settings: Record<string, unknown>,
  network: Partial<Parameters<typeof openApi>[1]> = {},
): (id?: string, signal?: AbortSignal) => Promise<unknown> {
  const api = openApi(config.parse({ api: settings }).api, { token: undefined, ...network });
  t.after(() => api.close());
  return (id = "A-1", signal = new AbortController().signal) =>
    api.ask({ path: ["orders", id], answer: order }, { signal });
}
