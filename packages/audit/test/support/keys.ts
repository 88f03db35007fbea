import { createPrivateKey, hash, sign } from "node:crypto";
import { verifierKey } from "../../src/note/verifier-key.ts";
import type { Signer } from "../../src/signer/signer.ts";

/** DER of an Ed25519 private key in PKCS#8 (RFC 8410), up to its 32 bytes. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** A signer for tests; the same name makes the same key. */
export interface TestSigner extends Signer {
  sign(message: Buffer): Buffer;
}

export function testSigner(name: string): TestSigner {
  const seed = hash("sha256", `test key ${name}`, "buffer");
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  return { key: verifierKey(name, key), sign: (message) => sign(undefined, message, key) };
}
