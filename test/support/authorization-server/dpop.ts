import { createHash, randomUUID } from "node:crypto";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** A key that a client proves to hold (RFC 9449). */
export interface DpopKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  /** What `cnf.jkt` of a token bound to it says. */
  readonly thumbprint: string;
}

/** What one proof is for. `claims` and `header` come last, so a test can make them wrong. */
export interface ProofOptions {
  readonly method: string;
  readonly url: string | URL;
  /** The token the proof goes with, at a resource server. */
  readonly accessToken?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

export async function createDpopKey(): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return { privateKey, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk) };
}

/** Value of one `DPoP` header. */
export async function dpopProof(key: DpopKey, options: ProofOptions): Promise<string> {
  const { origin, pathname } = new URL(options.url);
  const ath =
    options.accessToken === undefined
      ? {}
      : { ath: createHash("sha256").update(options.accessToken).digest("base64url") };
  return await new SignJWT({
    htm: options.method,
    htu: `${origin}${pathname}`,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    ...ath,
    ...options.claims,
  })
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: key.publicJwk, ...options.header })
    .sign(key.privateKey);
}
