import { rotationText } from "../log/rotation.ts";
import { parseVerifierKey, type VerifierKey } from "../note/verifier-key.ts";
import { type Detail, sizeOf, textOf } from "../record/detail.ts";
import type { Hash } from "../tree/node-hash.ts";

/** A change of key that both keys signed, or in plain words why it is none. */
export type CheckedRotation = { readonly old: VerifierKey; readonly new: VerifierKey } | { readonly reason: string };

/** Checks a record `log.key_rotated`, before which there are `size` records with `root`. */
export function checkRotation(detail: Detail, log: string, size: number, root: Hash): CheckedRotation {
  const [old, next] = [keyOf(detail, "old"), keyOf(detail, "new")];
  if (old === undefined || next === undefined || old.text === next.text) {
    return { reason: "the change of key does not name two keys" };
  }
  if (sizeOf(detail, "size") !== size || textOf(detail, "root") !== root) {
    return { reason: "the change of key speaks of other records than those before it" };
  }
  const message = Buffer.from(rotationText({ log, size, root, old: old.text, next: next.text }));
  if (!signedBy(old, message, detail, "old_signature")) {
    return { reason: "the change of key is not signed by the old key: a new key was slipped in" };
  }
  if (!signedBy(next, message, detail, "new_signature")) {
    return { reason: "the change of key is not signed by the new key" };
  }
  return { old, new: next };
}

function signedBy(key: VerifierKey, message: Buffer, detail: Detail, field: string): boolean {
  const signature = Buffer.from(textOf(detail, field) ?? "", "base64");
  return signature.length === 64 && key.verify(message, signature);
}

function keyOf(detail: Detail, field: string): VerifierKey | undefined {
  try {
    return parseVerifierKey(textOf(detail, field) ?? "");
  } catch {
    return undefined;
  }
}
