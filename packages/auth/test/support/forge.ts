import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";

/** A key pair and the name it is published under. */
export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const KINDS = {
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: () => generateKeyPairSync("ec", { namedCurve: "P-384" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
} as const;

export function newKey(alg: keyof typeof KINDS, kid: string): SigningKey {
  return { alg, kid, ...KINDS[alg]() };
}

/** The JWK that an issuer publishes. */
export function publicJwk({ publicKey, kid, alg }: SigningKey): Record<string, unknown> {
  return { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" };
}

/** What a token is made of. Text is taken as it is, so that anything can be written that a library would refuse to. */
export interface Parts {
  readonly header: object | string;
  readonly claims: object | string;
  /** Makes the signature over the first two parts. */
  readonly signature: (input: string) => Buffer;
}

export function encode(part: object | string): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

export function compact({ header, claims, signature }: Parts): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signature(input).toString("base64url")}`;
}

export function signWith({ privateKey, alg }: SigningKey): Parts["signature"] {
  const digest = alg === "EdDSA" ? null : `sha${alg.slice(-3)}`;
  return (input) => sign(digest, Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
}

export function hmacWith(secret: string | Buffer): Parts["signature"] {
  return (input) => createHmac("sha256", secret).update(input).digest();
}

export const now = (): number => Math.floor(Date.now() / 1000);

/** Claims of a good token (RFC 9068) but for `iss` and `aud`. */
export function goodClaims(iss: string, aud: unknown): Record<string, unknown> {
  return {
    iss,
    aud,
    sub: "alice",
    client_id: "cli",
    scope: "files:read files:write",
    jti: randomUUID(),
    iat: now(),
    exp: now() + 300,
  };
}

/** A token that is good but for the changes; `undefined` leaves a member out. */
export function token(
  key: SigningKey,
  claims: object | string,
  header: object = {},
  signature: Parts["signature"] = signWith(key),
): string {
  return compact({ header: { alg: key.alg, typ: "at+jwt", kid: key.kid, ...header }, claims, signature });
}
