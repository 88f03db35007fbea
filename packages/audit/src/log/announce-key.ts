import { AuditError } from "../errors.ts";
import type { LogEvent } from "../event.ts";
import { signatureBy } from "../signer/signature-by.ts";
import type { Signer } from "../signer/signer.ts";
import { type KeyRotation, rotationEvent, rotationText } from "./rotation.ts";

const TRIES = 5;

/**
 * Writes the record by which one key follows another. It speaks of the tree right before itself, so nothing may be written
 * while the two sign: where something is, it is tried again a few times.
 *
 * @param state how the log stands at the moment
 * @param write puts the record where the state says
 * @throws {AuditError} `unavailable`: one cannot sign, or the log is too busy for signers this slow
 */
export async function announceKey(
  old: Signer,
  next: Signer,
  state: () => KeyRotation,
  write: (event: LogEvent) => void,
): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    const change = state();
    const message = Buffer.from(rotationText(change));
    const signatures = { old: await signatureBy(old, message), next: await signatureBy(next, message) };
    if (state().size === change.size) {
      write(rotationEvent(change, signatures));
      return;
    }
  }
  throw new AuditError("unavailable", "the log is too busy to change keys; try again when the server is stopped");
}
