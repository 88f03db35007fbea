import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GENESIS, leafHash } from "../../src/record/leaf.ts";
import { createFrontier } from "../../src/tree/frontier.ts";
import { buildLog, linesOf, putLines } from "./build-log.ts";
import { testSigner } from "./keys.ts";

export const OWNER = testSigner("key-1");
export const THIEF = testSigner("thief");

/** First numbers of the sample's segments. */
export const SEGMENTS = [0, 21, 34] as const;
/** Records of the sample. */
export const SIZE = 42;

/**
 * A log of 42 records in three segments, ended well. Signed at 1, 11 and 21; 30 and 34; 42. Records 1 to 20 are five times two
 * of `r0` to `r9`.
 */
export function sampleLog(dir: string, id?: string, signer = OWNER): void {
  const log = buildLog(dir, id === undefined ? { signer } : { id, signer });
  log.calls(5);
  log.checkpoint();
  log.calls(5);
  log.roll();
  log.calls(4);
  log.checkpoint();
  log.calls(2);
  log.roll();
  log.calls(3);
  log.stop();
}

/** Changes the lines of one segment. */
export function edit(dir: string, segment: number, change: (lines: string[]) => string[]): void {
  putLines(dir, change(linesOf(dir, segment)), segment);
}

/** One record with its own hash done anew. */
export function rehash(line: string): string {
  const body = line.replace(/,"hash":"[^"]*"}$/, "");
  return `${body},"hash":"${leafHash(body)}"}`;
}

/** All records with numbers, chain and edges done anew, as somebody can who has everything but the key. */
export function rechain(dir: string, segments: readonly number[] = SEGMENTS): void {
  let prev = GENESIS;
  const tree = createFrontier();
  for (const segment of segments) {
    const lines = linesOf(dir, segment).map((line) => {
      const record = JSON.parse(line);
      record.prev = prev;
      record.seq = tree.size;
      if (record.type === "log.segment") {
        const edge = tree.nodes().map((node, i) => [`frontier.${i}`, node]);
        record.detail = { size: tree.size, root: tree.root(), ...Object.fromEntries(edge) };
      }
      const done = rehash(JSON.stringify(record));
      prev = JSON.parse(done).hash;
      tree.append(prev);
      return done;
    });
    putLines(dir, lines, segment);
  }
}

export function bytesOf(dir: string, file: string): Buffer {
  return readFileSync(join(dir, file));
}
