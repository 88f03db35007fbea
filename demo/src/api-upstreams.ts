import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real API on loopback, and another host that it would lead to. */
export interface DemoUpstreams extends AsyncDisposable {
  readonly origin: string;
  readonly key: string;
  /** What the API was asked. */
  asked(): readonly { readonly path: string; readonly hasKey: boolean }[];
  /** How often the other host was asked. */
  elsewhere(): number;
}

export async function openUpstreams(): Promise<DemoUpstreams> {
  const key = "demo-key-5f1c0a";
  const asked: { path: string; hasKey: boolean }[] = [];
  let elsewhere = 0;
  const thief = createServer((_request, response) => {
    elsewhere++;
    response.end("thank you");
  });
  const thiefOrigin = await listen(thief, "127.0.0.2");
  const api = createServer((request, response) => {
    asked.push({ path: request.url ?? "", hasKey: request.headers["x-api-key"] === key });
    answer(request, response, thiefOrigin);
  });
  const origin = await listen(api, "127.0.0.1");
  return {
    origin,
    key,
    asked: () => asked,
    elsewhere: () => elsewhere,
    async [Symbol.asyncDispose]() {
      for (const server of [api, thief]) {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      }
    },
  };
}

async function listen(server: Server, host: string): Promise<string> {
  server.listen(0, host);
  await once(server, "listening");
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function answer(request: IncomingMessage, response: ServerResponse, thief: string): void {
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const answers: Readonly<Record<string, () => unknown>> = {
    "/v1/orders/7": () => json(200, { id: 7, what: "lamp", customer: { name: "Ann", email: "ann@example.com" } }),
    "/v1/echo": () => json(200, { key: request.headers["x-api-key"] }),
    "/v1/moved": () => response.writeHead(307, { location: `${thief}/` }).end(),
    "/v1/broken": () => json(500, { error: "at connect (db.js:12) password=hunter2" }),
    "/v1/endless": () => endless(response),
  };
  const known = answers[request.url ?? ""];
  if (known === undefined) json(200, { secret: "nobody should see this" });
  else known();
}

/** JSON without an end, until the other side has had enough. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).write("[");
  const piece = `${"0,".repeat(32_768)}`;
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on("drain", more);
  more();
}
