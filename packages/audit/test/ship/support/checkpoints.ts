import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { checkpointText } from "../../../src/note/checkpoint.ts";
import { signatureLine } from "../../../src/note/note.ts";
import { verifierKey } from "../../../src/note/verifier-key.ts";

const { privateKey } = generateKeyPairSync("ed25519");

/** A signed checkpoint of `origin` at `size`; its root stands for content that no test here looks at. */
export function checkpoint(origin: string, size: number, content = "as it was"): string {
  const root = createHash("sha256").update(`${content} ${size}`).digest("base64url");
  const text = checkpointText({ origin, size, root });
  const key = verifierKey(origin, privateKey);
  return `${text}\n${signatureLine(key, sign(undefined, Buffer.from(text), privateKey))}`;
}

/** Adds notes to a file of notes, as a log does. */
export function appendNotes(dir: string, file: string, notes: readonly string[]): void {
  appendFileSync(join(dir, file), notes.map((note) => `${note}\n`).join(""), { mode: 0o600 });
}

export const CHECKPOINTS = "checkpoints-00000000000000000000.txt";
