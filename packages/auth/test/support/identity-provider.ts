import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestCa } from "../../../../test/support/certificates.ts";
import { publicJwk, type SigningKey } from "./forge.ts";

type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** An issuer's public side, over TLS on loopback. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** Published at `/jwks`; may be changed. */
  keys: readonly SigningKey[];
  /** What answers a path instead. */
  readonly routes: Map<string, Route>;
  readonly jwksFetches: () => number;
}

export async function startIdentityProvider(ca: TestCa, keys: readonly SigningKey[]): Promise<IdentityProvider> {
  const asked: string[] = [];
  const routes = new Map<string, Route>();
  const server = createServer(await ca.issue(), (request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const route = routes.get(path);
    if (route !== undefined) return route(request, response);
    if (path === "/jwks") return json({ keys: provider.keys.map(publicJwk) })(request, response);
    if (path === "/.well-known/oauth-authorization-server") {
      return json({ issuer: provider.issuer, jwks_uri: `${provider.issuer}/jwks` })(request, response);
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider: IdentityProvider = {
    issuer: `https://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    keys,
    routes,
    jwksFetches: () => asked.filter((path) => path === "/jwks").length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

export function json(body: unknown): Route {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}
