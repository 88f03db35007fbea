import { createHash, randomUUID } from "node:crypto";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export const RESOURCE = "https://mcp.example/mcp";
export const TOKEN = "the-access-token";

/** A client with a key of its own, as RFC 9449 wants one. */
export interface DpopClient {
  readonly jkt: string;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
  readonly privateKey: CryptoKey;
  /** A good proof for a `POST` to {@link RESOURCE}, but for what is overridden; `undefined` leaves a member out. */
  prove(payload?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function createDpopClient(alg = "ES256"): Promise<DpopClient> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(publicJwk, "sha256"),
    publicJwk,
    privateJwk: await exportJWK(privateKey),
    privateKey,
    async prove(payload = {}, header = {}) {
      const claims = { jti: randomUUID(), htm: "POST", htu: RESOURCE, iat: seconds(), ath: athOf(TOKEN), ...payload };
      return await new SignJWT(claims)
        .setProtectedHeader({ typ: "dpop+jwt", alg, jwk: publicJwk, ...header })
        .sign(privateKey);
    },
  };
}

export function athOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** A compact JWS of any parts whatever, for what a signer refuses to make. */
export function compact(header: unknown, payload: unknown, signature = "AAAA"): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(payload)}.${signature}`;
}
