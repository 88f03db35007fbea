import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

// An API to try the server with: `npm run sample-api`. It keeps nothing, checks little, and is no part of the server.

interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  readonly status: "open" | "sent" | "cancelled";
  /** Not meant for clients; the tools do not pass it on. */
  readonly margin: number;
}

/** Not listening yet. */
export function sampleApi(): Server {
  const orders = new Map<string, Order>([
    ["A-1", { id: "A-1", item: "Lamp", quantity: 2, status: "open", margin: 0.31 }],
    ["A-2", { id: "A-2", item: "Desk", quantity: 1, status: "sent", margin: 0.12 }],
  ]);
  const byKey = new Map<string, Order>();

  async function create(request: IncomingMessage): Promise<Order> {
    const key = String(request.headers["idempotency-key"]);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const { item, quantity } = (await json(request)) as Pick<Order, "item" | "quantity">;
    const order: Order = { id: randomBytes(6).toString("hex"), item, quantity, status: "open", margin: 0.2 };
    orders.set(order.id, order);
    byKey.set(key, order);
    return order;
  }

  return createServer(async (request, response) => {
    try {
      const { method, url = "" } = request;
      if (method === "POST" && url === "/orders") return send(response, 201, await create(request));
      const found = method === "GET" ? orders.get(url.replace(/^\/orders\//, "")) : undefined;
      if (found !== undefined) return send(response, 200, found);
      send(response, 404, { error: "no such order" });
    } catch {
      send(response, 400, { error: "no JSON" });
    }
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

if (import.meta.main) {
  sampleApi().listen(4010, "127.0.0.1", () => process.stdout.write("Sample API: http://127.0.0.1:4010/orders/A-1\n"));
}
