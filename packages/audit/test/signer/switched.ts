import { generateKeyPairSync, sign } from "node:crypto";
import type { Signer } from "../../src/index.ts";
import { verifierKey } from "../../src/note/verifier-key.ts";

/** A signer that can be switched off, or told to take its time. */
export interface SwitchedSigner extends Signer {
  works: boolean;
  /** Called before each signature; what it returns is waited for. */
  before: () => Promise<void> | undefined;
}

export function switchedSigner(name = "test/switched"): SwitchedSigner {
  const { privateKey } = generateKeyPairSync("ed25519");
  const signer: SwitchedSigner = {
    works: true,
    before: () => undefined,
    key: verifierKey(name, privateKey),
    async sign(message) {
      await signer.before();
      if (!signer.works) throw new Error("away");
      return sign(undefined, message, privateKey);
    },
  };
  return signer;
}
