import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";
import type { Certificate } from "./certificate.ts";

/** What every token of the bench is for. */
export const RESOURCE = "https://bench.example/mcp";
export const SCOPE = "echo:read";

/** An authorization server's public side, over TLS on loopback, and the key it signs with. */
export interface Issuer {
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
  /** How often its keys were fetched. */
  readonly keyFetches: () => number;
  /** A good access token (RFC 9068, ES256), another one each time. */
  token(claims?: JWTPayload, header?: { readonly kid?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer({ cert, key }: Certificate): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "bench", alg: "ES256", use: "sig" }] };
  let fetches = 0;
  const server = createServer({ cert, key }, (request, response) => {
    const isKeys = request.url === "/jwks";
    if (isKeys) fetches++;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(isKeys ? jwks : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwks,
    keyFetches: () => fetches,
    token: (claims = {}, { kid = "bench" } = {}) =>
      new SignJWT({ client_id: "bench", scope: SCOPE, ...claims })
        .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid })
        .setIssuer(issuer)
        .setAudience(RESOURCE)
        .setSubject("alice")
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client that can prove a key (RFC 9449). */
export interface DpopClient {
  readonly jkt: string;
  /** A proof for one `POST` with `token`, another one each time. */
  prove(token: string): Promise<string>;
}

export async function createDpopClient(): Promise<DpopClient> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(jwk),
    prove: (token) =>
      new SignJWT({ htm: "POST", htu: RESOURCE, ath: createHash("sha256").update(token).digest("base64url") })
        .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
        .setJti(randomUUID())
        .setIssuedAt()
        .sign(privateKey),
  };
}
