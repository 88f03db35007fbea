import { checkNote } from "../note/note.ts";
import type { VerifierKey } from "../note/verifier-key.ts";
import { checkLine } from "../record/check-line.ts";
import { includes, isConsistent } from "../tree/proof.ts";
import { type AnchorNote, parseAnchorNote } from "../verify/anchor-notes.ts";
import { parseVerifierKeys } from "../verify/keys.ts";
import type { RecordProof } from "./record-proof.ts";

/** What a proof is worth. */
export type ProofCheck =
  | {
      readonly good: true;
      readonly log: string;
      readonly seq: number;
      /** Sizes of the two checkpoints. */
      readonly from: number;
      readonly to: number;
    }
  /** In plain words, without any text of the proof. */
  | { readonly good: false; readonly reason: string };

/**
 * Checks a proof of {@link proveRecord}, anywhere and without the log.
 *
 * @param proof parsed JSON, of which nothing is believed
 * @param keys the owner's public keys, from the owner; those in the proof are not used
 * @throws {AuditError} `invalid`: text that is no key
 */
export function checkProof(proof: unknown, keys: readonly VerifierKey[] | string): ProofCheck {
  const known = typeof keys === "string" ? parseVerifierKeys(keys) : keys;
  const bad = (reason: string): ProofCheck => ({ good: false, reason });
  if (!isProof(proof)) return bad("this is no proof of a record");
  const line = Buffer.from(` ${proof.record}`, "latin1");
  const checked = checkLine(line, 1, line.length);
  if ("reason" in checked) return bad(`the record: ${checked.reason}`);
  const { log, seq, hash } = checked.record;
  if (log !== proof.log || seq !== proof.seq) return bad("the record is another one than the proof says");
  const [to, from] = [parseAnchorNote(proof.inclusion.checkpoint), parseAnchorNote(proof.consistency.checkpoint)];
  if (to === undefined || from === undefined) return bad("a checkpoint is none");
  if (to.origin !== log || from.origin !== log) return bad("a checkpoint belongs to another log");
  if (!isSigned(to, known)) return bad("the newest checkpoint is signed by none of the keys that were given");
  if (!isSigned(from, known)) {
    return bad("the earlier checkpoint is signed by none of the keys that were given; give the older key, too");
  }
  const [path, continued] = [hashes(proof.inclusion.hashes), hashes(proof.consistency.hashes)];
  if (path === undefined || continued === undefined) return bad("a hash is none");
  if (!includes(hash, seq, to.size, path, to.root)) return bad("the record is not in the tree that was signed");
  if (!isConsistent(from.size, to.size, from.root, to.root, continued)) {
    return bad("the newest checkpoint does not continue the earlier one");
  }
  return { good: true, log, seq, from: from.size, to: to.size };
}

function isSigned({ note }: AnchorNote, keys: readonly VerifierKey[]): boolean {
  const { good, forged } = checkNote(note, keys);
  return good.length > 0 && !forged;
}

/** Base64, in its one right spelling, to what the tree works with. */
function hashes(texts: readonly string[]): string[] | undefined {
  const found = texts.map((text) => Buffer.from(text, "base64"));
  if (found.some((bytes, i) => bytes.length !== 32 || bytes.toString("base64") !== texts[i])) return undefined;
  return found.map((bytes) => bytes.toString("base64url"));
}

function isProof(value: unknown): value is RecordProof {
  const proof = value as Partial<RecordProof> | null;
  return (
    typeof proof === "object" &&
    proof !== null &&
    proof.format === "hardened-mcp audit proof v1" &&
    typeof proof.log === "string" &&
    typeof proof.seq === "number" &&
    typeof proof.record === "string" &&
    isStep(proof.inclusion) &&
    isStep(proof.consistency)
  );
}

/** A path of a tree is never longer than the bits of its size. */
function isStep(value: unknown): boolean {
  const step = value as Partial<RecordProof["inclusion"]> | null | undefined;
  return (
    typeof step?.checkpoint === "string" &&
    Array.isArray(step.hashes) &&
    step.hashes.length <= 64 &&
    step.hashes.every((one) => typeof one === "string")
  );
}
