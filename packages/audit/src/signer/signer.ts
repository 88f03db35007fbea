import type { VerifierKey } from "../note/verifier-key.ts";

/**
 * Signs checkpoints. The key may be anywhere: a file of this machine, a command that asks a token or an agent, a service.
 * The log never sees more than signatures.
 */
export interface Signer {
  /** The public half, with the name it signs under. */
  readonly key: VerifierKey;
  /**
   * An Ed25519 signature (RFC 8032, 64 bytes) of exactly these bytes. The log verifies it before it believes it.
   *
   * @throws any error: the log goes on, tries again, says so on record, and refuses new records once `maxUnsignedMs` is over
   */
  sign(message: Buffer): Promise<Buffer> | Buffer;
}
