import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseCheckpoint } from "../src/note/checkpoint.ts";
import { checkNote, parseNote } from "../src/note/note.ts";
import { parseVerifierKey } from "../src/note/verifier-key.ts";

const sha = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

/** MTH of RFC 6962, section 2.1, as it stands there: nothing of the code under test. */
export function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ?? sha();
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Buffer.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** Leaves of a log that begins with record 0, from the exact bytes of its lines. */
export function leavesOf(dir: string): Buffer[] {
  return segmentsOf(dir)
    .flatMap((name) => readFileSync(join(dir, name), "latin1").split("\n").filter(Boolean))
    .map((line) => sha(Buffer.of(0), Buffer.from(line.slice(0, line.lastIndexOf(',"hash":"')), "latin1")));
}

export function segmentsOf(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(".jsonl"))
    .sort();
}

export interface FoundCheckpoint {
  readonly file: string;
  readonly size: number;
  readonly root: string;
  readonly signers: readonly string[];
}

/** Every checkpoint of a folder, its signature checked under the folder's keys. */
export function checkpointsOf(dir: string, keyDir = dir): FoundCheckpoint[] {
  const keys = readFileSync(join(keyDir, "signing.pub"), "utf8").split("\n").filter(Boolean).map(parseVerifierKey);
  return readdirSync(dir)
    .filter((name) => name.startsWith("checkpoints-"))
    .sort()
    .flatMap((file) =>
      readFileSync(join(dir, file), "utf8")
        .split(/(?<=\n)\n(?=[^\u2014]|$)/)
        .filter(Boolean)
        .map((text) => {
          const note = parseNote(text);
          const { good, forged } = checkNote(note!, keys);
          expect(forged).toBe(false);
          const { size, root } = parseCheckpoint(note!.text)!;
          return { file, size, root, signers: good.map(({ text }) => text) };
        }),
    );
}

/** Expects every checkpoint to be signed, and to have the root of the records as they stand on disk. */
export function expectProvable(dir: string): FoundCheckpoint[] {
  const leaves = leavesOf(dir);
  const checkpoints = checkpointsOf(dir);
  for (const { size, root, signers } of checkpoints) {
    expect(signers).not.toEqual([]);
    expect(root).toBe(treeHash(leaves.slice(0, size)).toString("base64url"));
  }
  return checkpoints;
}
