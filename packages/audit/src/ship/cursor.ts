import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { syncFolder } from "../folder/folder.ts";
import { isObject } from "./options/check.ts";

/** How far a target got with one log. `next`: everything below was acknowledged. */
export interface Cursor {
  readonly log: string;
  readonly next: number;
  /** Of records: hash of record `next - 1`. Of checkpoints: root at size `next`. Unknown where that is gone, or none. */
  readonly hash: string | undefined;
  /** Where record `next` begins. A hint: it is believed as far as the record before it confirms. */
  readonly segment: string;
  readonly offset: number;
}

const MAX_BYTES = 4096;

/** @returns `missing`, or `damaged` for anything that is no cursor */
export function readCursor(path: string): Cursor | "missing" | "damaged" {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : "damaged";
  }
  return (text.length > MAX_BYTES ? undefined : parseCursor(text)) ?? "damaged";
}

function parseCursor(text: string): Cursor | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["v"] !== 1) return undefined;
  const { log, next, hash, segment, offset } = value;
  if (typeof log !== "string" || typeof segment !== "string") return undefined;
  if (hash !== undefined && (typeof hash !== "string" || hash.length !== 43)) return undefined;
  return isCount(next) && isCount(offset) ? { log, next, hash, segment, offset } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Whole or not at all: after a power cut there is the old cursor or the new one. */
export function writeCursor(dir: string, path: string, cursor: Cursor): void {
  const draft = `${path}.tmp`;
  // Only the holder of the lock writes here; a draft that is there was left by a crash, or is a trap such as a link.
  rmSync(draft, { force: true });
  const fd = openSync(draft, "wx", 0o600);
  try {
    writeSync(fd, `${JSON.stringify({ v: 1, ...cursor })}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  syncFolder(dir);
}
