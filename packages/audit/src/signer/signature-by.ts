import { AuditError } from "../errors.ts";
import type { Signer } from "./signer.ts";

/** A signer that does not answer within this time is one that fails. */
const SIGN_MS = 30_000;

/**
 * A signature that was verified before it is believed: a signer that answers nonsense must not leave a log that nobody
 * can check.
 *
 * @throws {AuditError} `unavailable`
 */
export async function signatureBy(signer: Signer, message: Buffer): Promise<Buffer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("no answer")), SIGN_MS).unref();
  try {
    const signature = await Promise.race([signer.sign(message), late.promise]);
    if (!signer.key.verify(message, signature)) throw new Error("the signature is not this key's");
    return signature;
  } catch (error) {
    throw new AuditError("unavailable", `${signer.key.name} could not sign`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
