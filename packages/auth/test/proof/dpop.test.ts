import { randomUUID } from "node:crypto";
import { memoryStore } from "@hardened-mcp/state";
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { AuthConfigError } from "../../src/auth-config-error.ts";
import { createDpopVerifier, type DpopInput } from "../../src/proof/dpop.ts";
import { TokenError, type TokenErrorCode } from "../../src/token-error.ts";
import { athOf, compact, createDpopClient, RESOURCE, seconds, TOKEN } from "./proof-maker.ts";

const alice = await createDpopClient();
const mallory = await createDpopClient();

function verifier() {
  return createDpopVerifier({ state: memoryStore() });
}

function input(proof: string, overrides: Partial<DpopInput> = {}): DpopInput {
  return { proofs: [proof], method: "POST", htu: RESOURCE, accessToken: TOKEN, boundTo: alice.jkt, ...overrides };
}

const aliceClaims = { jti: "x", htm: "POST", htu: RESOURCE, iat: seconds(), ath: athOf(TOKEN) };
const goodHeader = { typ: "dpop+jwt", alg: "ES256", jwk: alice.publicJwk };

describe("lets in who holds the key, with", () => {
  test.each(["ES256", "ES384", "ES512", "EdDSA", "PS256", "RS256"])("%s", async (alg) => {
    const client = await createDpopClient(alg);
    const proof = await client.prove();
    expect(await verifier().verify(input(proof, { boundTo: client.jkt }))).toEqual({ degraded: false });
  });

  test.each([
    ["a proof as old as allowed", { iat: seconds() - 55 }],
    ["a clock a little ahead", { iat: seconds() + 4 }],
    ["a query in the URI", { htu: `${RESOURCE}?session=1` }],
    ["a fragment in the URI", { htu: `${RESOURCE}#part` }],
    ["the host in capitals", { htu: "https://MCP.Example/mcp" }],
    ["the port that is the default", { htu: "https://mcp.example:443/mcp" }],
    ["a claim we do not know", { nonce: "n", extra: { deep: [1] } }],
  ])("%s", async (_name, payload) => {
    expect(await verifier().verify(input(await alice.prove(payload)))).toEqual({ degraded: false });
  });

  test("two proofs that are not the same", async () => {
    const dpop = verifier();
    await dpop.verify(input(await alice.prove()));
    expect(await dpop.verify(input(await alice.prove()))).toEqual({ degraded: false });
  });
});

const CASES: [name: string, code: TokenErrorCode, attack: () => Promise<DpopInput> | DpopInput][] = [
  // Who sends it
  ["a stolen token with no proof", "dpop-proof-missing", () => input("", { proofs: [] })],
  ["a stolen token with a proof by another key", "binding-mismatch", async () => input(await mallory.prove())],
  [
    "Alice's key in the header, signed by another",
    "dpop-signature",
    async () => input(await mallory.prove({}, { jwk: alice.publicJwk })),
  ],
  [
    "two proofs, both good",
    "dpop-proof-missing",
    async () => input("", { proofs: [await alice.prove(), await alice.prove()] }),
  ],
  ["two proofs in one header", "dpop-proof", async () => input(`${await alice.prove()}, ${await alice.prove()}`)],
  [
    "a proof by any key next to a token that is bound to none",
    "dpop-unbound",
    async () => input(await mallory.prove(), { boundTo: undefined }),
  ],
  [
    "no proof for a token that is bound to none",
    "dpop-proof-missing",
    () => input("", { proofs: [], boundTo: undefined }),
  ],
  // Which token it is for
  ["no ath", "dpop-token", async () => input(await alice.prove({ ath: undefined }))],
  ["the ath of another token", "dpop-token", async () => input(await alice.prove({ ath: athOf("another") }))],
  ["the token itself as ath", "dpop-token", async () => input(await alice.prove({ ath: TOKEN }))],
  [
    "an ath in standard base64",
    "dpop-token",
    async () => input(await alice.prove({ ath: Buffer.from(athOf(TOKEN), "base64url").toString("base64") })),
  ],
  ["an ath that is a list", "dpop-token", async () => input(await alice.prove({ ath: [athOf(TOKEN)] }))],
  // Which request it is for
  ["another method", "dpop-method", async () => input(await alice.prove({ htm: "GET" }))],
  ["the method in small letters", "dpop-method", async () => input(await alice.prove({ htm: "post" }))],
  ["no htm", "dpop-proof", async () => input(await alice.prove({ htm: undefined }))],
  ["another path", "dpop-uri", async () => input(await alice.prove({ htu: "https://mcp.example/other" }))],
  ["a path below", "dpop-uri", async () => input(await alice.prove({ htu: `${RESOURCE}/x` }))],
  ["a slash at the end", "dpop-uri", async () => input(await alice.prove({ htu: `${RESOURCE}/` }))],
  ["the path in capitals", "dpop-uri", async () => input(await alice.prove({ htu: "https://mcp.example/MCP" }))],
  ["another host", "dpop-uri", async () => input(await alice.prove({ htu: "https://evil.example/mcp" }))],
  [
    "a host that starts alike",
    "dpop-uri",
    async () => input(await alice.prove({ htu: "https://mcp.example.evil/mcp" })),
  ],
  [
    "our host as a user name",
    "dpop-uri",
    async () => input(await alice.prove({ htu: "https://mcp.example@evil.example/mcp" })),
  ],
  ["a user name at our host", "dpop-uri", async () => input(await alice.prove({ htu: "https://x:y@mcp.example/mcp" }))],
  ["another scheme", "dpop-uri", async () => input(await alice.prove({ htu: "http://mcp.example/mcp" }))],
  [
    "a scheme without an origin",
    "dpop-uri",
    async () => input(await alice.prove({ htu: "data:https://mcp.example/mcp" })),
  ],
  ["another port", "dpop-uri", async () => input(await alice.prove({ htu: "https://mcp.example:8443/mcp" }))],
  ["only a path", "dpop-uri", async () => input(await alice.prove({ htu: "/mcp" }))],
  ["no htu", "dpop-proof", async () => input(await alice.prove({ htu: undefined }))],
  ["a huge htu", "dpop-proof", async () => input(await alice.prove({ htu: `${RESOURCE}?${"a".repeat(2_100)}` }))],
  // When it was made
  ["a proof too old", "dpop-time", async () => input(await alice.prove({ iat: seconds() - 70 }))],
  ["a proof from the future", "dpop-time", async () => input(await alice.prove({ iat: seconds() + 10 }))],
  ["a proof made for years ahead", "dpop-time", async () => input(await alice.prove({ iat: seconds() + 1e9 }))],
  ["no iat", "dpop-time", async () => input(await alice.prove({ iat: undefined }))],
  ["an iat that is text", "dpop-time", async () => input(await signed({ iat: String(seconds()) }))],
  ["a proof that says it has expired", "dpop-time", async () => input(await alice.prove({ exp: seconds() - 30 }))],
  ["a proof that says it is not good yet", "dpop-time", async () => input(await alice.prove({ nbf: seconds() + 30 }))],
  // What keeps it from being used twice
  ["no jti", "dpop-proof", async () => input(await alice.prove({ jti: undefined }))],
  ["an empty jti", "dpop-proof", async () => input(await alice.prove({ jti: "" }))],
  ["a huge jti", "dpop-proof", async () => input(await alice.prove({ jti: "j".repeat(257) }))],
  ["a jti that is a number", "dpop-proof", async () => input(await signed({ jti: 7 }))],
  // What it is
  [
    "an access token in the place of a proof",
    "dpop-header",
    async () => input(await alice.prove({}, { typ: "at+jwt" })),
  ],
  ["typ JWT", "dpop-header", async () => input(await alice.prove({}, { typ: "JWT" }))],
  ["typ in capitals", "dpop-header", async () => input(await alice.prove({}, { typ: "DPOP+JWT" }))],
  ["no typ", "dpop-header", async () => input(await alice.prove({}, { typ: undefined }))],
  ["alg none", "dpop-header", () => input(compact({ ...goodHeader, alg: "none" }, aliceClaims))],
  ["alg none, no signature", "dpop-proof", () => input(compact({ ...goodHeader, alg: "none" }, aliceClaims, ""))],
  ["alg None", "dpop-header", () => input(compact({ ...goodHeader, alg: "None" }, aliceClaims))],
  ["no alg", "dpop-header", () => input(compact({ typ: "dpop+jwt", jwk: alice.publicJwk }, aliceClaims))],
  ["an alg that is a list", "dpop-header", () => input(compact({ ...goodHeader, alg: ["ES256"] }, aliceClaims))],
  [
    "HS256 with the public key as the secret",
    "dpop-header",
    async () => input(await hmacProof({ jwk: alice.publicJwk }, Buffer.from(JSON.stringify(alice.publicJwk)))),
  ],
  [
    "HS256 with a secret in the header",
    "dpop-header",
    async () => input(await hmacProof({ jwk: { kty: "oct", k: "c2VjcmV0" } }, Buffer.from("secret"))),
  ],
  [
    "a secret as the key of ES256",
    "dpop-header",
    () => input(compact({ ...goodHeader, jwk: { kty: "oct", k: "AA" } }, {})),
  ],
  ["the private key in the header", "dpop-header", async () => input(await alice.prove({}, { jwk: alice.privateJwk }))],
  [
    "an empty private member in the header",
    "dpop-header",
    async () => input(await alice.prove({}, { jwk: { ...alice.publicJwk, d: "" } })),
  ],
  ["no key", "dpop-header", async () => input(await alice.prove({}, { jwk: undefined }))],
  ["a key that is null", "dpop-header", () => input(compact({ ...goodHeader, jwk: null }, aliceClaims))],
  ["a key that is text", "dpop-header", () => input(compact({ ...goodHeader, jwk: alice.jkt }, aliceClaims))],
  [
    "a key by reference",
    "dpop-header",
    () => input(compact({ typ: "dpop+jwt", alg: "ES256", jku: "https://evil.example" }, {})),
  ],
  [
    "a key by name",
    "dpop-header",
    () => input(compact({ typ: "dpop+jwt", alg: "ES256", kid: alice.jkt }, aliceClaims)),
  ],
  [
    "an extension we must understand",
    "dpop-header",
    () => input(compact({ ...goodHeader, crit: ["x"], x: 1 }, aliceClaims)),
  ],
  [
    "an unencoded payload",
    "dpop-header",
    () => input(compact({ ...goodHeader, crit: ["b64"], b64: false }, aliceClaims)),
  ],
  ["another curve than the algorithm's", "dpop-header", () => withAlgorithmOf("ES384", "ES256")],
  [
    "an algorithm of another kind than the key",
    "dpop-header",
    async () => input(compact({ ...goodHeader, alg: "RS256" }, {})),
  ],
  ["an algorithm that encrypts", "dpop-header", () => withAlgorithmOf("RS256", "RSA-OAEP-256")],
  ["a point that is not on the curve", "dpop-header", () => offCurve()],
  ["a signature cut short", "dpop-signature", async () => input(compact(goodHeader, aliceClaims, "AAAAAAAA"))],
  ["spare bits in the signature", "dpop-proof", async () => input(`${(await alice.prove()).slice(0, -1)}_`)],
  ["no signature", "dpop-proof", async () => input((await alice.prove()).replace(/[^.]+$/, ""))],
  [
    "a signature of zeros (CVE-2022-21449)",
    "dpop-signature",
    () => input(compact(goodHeader, aliceClaims, Buffer.alloc(64).toString("base64url"))),
  ],
  ["a payload changed after signing", "dpop-signature", async () => input(await withOtherPayload())],
  ["a payload that is not an object", "dpop-proof", async () => input(await signedText('["POST"]'))],
  ["a payload that is not JSON", "dpop-proof", async () => input(await signedText("POST"))],
  ["an empty header", "dpop-proof", () => input("")],
  ["two parts", "dpop-proof", async () => input((await alice.prove()).split(".").slice(0, 2).join("."))],
  ["five parts", "dpop-proof", async () => input(`${await alice.prove()}.AA.AA`)],
  ["not base64", "dpop-proof", () => input("!!!.???.***")],
  ["a megabyte", "dpop-proof", () => input("a".repeat(1_048_576))],
  ["a member twice in the header", "dpop-proof", () => input(twice(goodHeader, `"alg":"none"`))],
  [
    "a member twice in the payload",
    "dpop-proof",
    async () => input(await signedText(`{"htm":"GET",${JSON.stringify(aliceClaims).slice(1)}`)),
  ],
  ["a good proof but for its size", "dpop-proof", async () => input(await alice.prove({ padding: "p".repeat(5_000) }))],
];

describe("refuses", () => {
  test.each(CASES)("%s", async (_name, code, attack) => {
    await expect(verifier().verify(await attack())).rejects.toMatchObject({ name: "TokenError", code });
  });

  test("a stolen token with another key, even one that has proven itself for its own token", async () => {
    const dpop = verifier();
    await dpop.verify(input(await mallory.prove(), { boundTo: mallory.jkt }));
    await expect(dpop.verify(input(await mallory.prove()))).rejects.toMatchObject({ code: "binding-mismatch" });
  });

  test("and says nothing of the proof or the token", async () => {
    for (const [, , attack] of CASES) {
      const error: unknown = await verifier()
        .verify(await attack())
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(TokenError);
      if (!(error instanceof TokenError)) continue;
      expect(error.message).toBe(error.code);
      expect(error.cause).toBeUndefined();
    }
  });
});

describe("refuses to start with", () => {
  test.each([{ maxAgeS: 0 }, { maxAgeS: 601 }, { maxAgeS: Number.NaN }, { clockToleranceS: -1 }, { maxRemembered: 0 }])(
    "%o",
    (numbers) => {
      expect(() => createDpopVerifier({ state: memoryStore(), ...numbers })).toThrow(AuthConfigError);
    },
  );

  test("a misspelt option", () => {
    const misspelt = { state: memoryStore(), maxAgeSeconds: 10 };
    expect(() => createDpopVerifier(misspelt)).toThrow(/maxAgeSeconds/);
  });
});

/** Signed by Alice, with members a signer would not write. */
async function signed(payload: Readonly<Record<string, unknown>>): Promise<string> {
  return await signedText(JSON.stringify({ ...aliceClaims, jti: randomUUID(), ...payload }));
}

async function hmacProof(header: Readonly<Record<string, unknown>>, secret: Uint8Array): Promise<string> {
  return await new SignJWT(aliceClaims).setProtectedHeader({ typ: "dpop+jwt", alg: "HS256", ...header }).sign(secret);
}

async function signedText(text: string): Promise<string> {
  return await new CompactSign(Buffer.from(text)).setProtectedHeader({ ...goodHeader }).sign(alice.privateKey);
}

function twice(header: object, member: string): string {
  const [, payload, signature] = compact(header, aliceClaims).split(".");
  return `${Buffer.from(`{${member},${JSON.stringify(header).slice(1)}`).toString("base64url")}.${payload}.${signature}`;
}

async function withOtherPayload(): Promise<string> {
  const [header, , signature] = (await alice.prove()).split(".");
  return `${header}.${Buffer.from(JSON.stringify({ ...aliceClaims, htm: "DELETE" })).toString("base64url")}.${signature}`;
}

async function withAlgorithmOf(keyAlg: string, alg: string): Promise<DpopInput> {
  const client = await createDpopClient(keyAlg);
  return input(compact({ ...goodHeader, alg, jwk: client.publicJwk }, aliceClaims), { boundTo: client.jkt });
}

async function offCurve(): Promise<DpopInput> {
  const jwk = { ...(await exportJWK((await generateKeyPair("ES256")).publicKey)), x: alice.publicJwk.x ?? "" };
  return input(compact({ ...goodHeader, jwk }, aliceClaims), { boundTo: await calculateJwkThumbprint(jwk, "sha256") });
}
