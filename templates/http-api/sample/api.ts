import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";

// An API to try the server with: `npm run sample-api`. It keeps nothing, checks little, and is no part of the server.

type Order = Readonly<Record<string, unknown>> & { readonly id: string };

/** Not listening yet. */
export function sampleApi(): Server {
  // `margin` is not meant for clients; the tools do not pass it on.
  const orders = new Map<string, Order>([
    ["A-1", { id: "A-1", item: "Lamp", quantity: 2, status: "open", margin: 0.31 }],
    ["A-2", { id: "A-2", item: "Desk", quantity: 1, status: "sent", margin: 0.12 }],
  ]);
  const byKey = new Map<string, Order>();

  return createServer(async (request, response) => {
    const { method, url = "", headers } = request;
    const send = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const found = orders.get(url.replace(/^\/orders\//, ""));
    if (method === "GET" && found !== undefined) return send(200, found);
    if (method !== "POST" || url !== "/orders") return send(404, { error: "no such order" });
    const asked = await json(request).catch(() => undefined);
    if (typeof asked !== "object" || asked === null) return send(400, { error: "no order" });
    const key = String(headers["idempotency-key"]);
    const order = byKey.get(key) ?? { ...asked, id: randomBytes(6).toString("hex"), status: "open", margin: 0.2 };
    byKey.set(key, order);
    orders.set(order.id, order);
    send(201, order);
  });
}

if (import.meta.main) {
  sampleApi().listen(4010, "127.0.0.1", () => process.stdout.write("Sample API: http://127.0.0.1:4010/orders/A-1\n"));
}
