// Peer: the SDK's own handler behind its own bearer gate, which verifies each token with jose. The keys are at hand already.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, requireBearerAuth } from "@modelcontextprotocol/server";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { sdkEcho } from "./sdk-echo.ts";

const { issuer, audience, scope, jwks } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly issuer: string;
  readonly audience: string;
  readonly scope: string;
  readonly jwks: JSONWebKeySet;
};
const keys = createLocalJWKSet(jwks);
const gate = requireBearerAuth({
  requiredScopes: [scope],
  expectedResource: new URL(audience),
  verifier: {
    async verifyAccessToken(token) {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt", algorithms: ["ES256"] });
      return {
        token,
        clientId: String(payload["client_id"]),
        scopes: String(payload["scope"]).split(" "),
        expiresAt: payload.exp ?? 0,
        resource: new URL(audience),
      };
    },
  },
});
const mcp = createMcpHandler(() => sdkEcho());
const handle = toNodeHandler({
  async fetch(request: Request, options?: Parameters<typeof mcp.fetch>[1]) {
    const auth = await gate(request);
    return auth instanceof Response ? auth : await mcp.fetch(request, { ...options, authInfo: auth });
  },
});
// The adapter's own parameter types predate exactOptionalPropertyTypes; node:http's objects are what it is made for.
const server = createServer((request, response) => void handle(request as never, response));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
