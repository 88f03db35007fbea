import { readFileSync } from "node:fs";
import { replaceFile } from "../folder/replace-file.ts";
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
export function writeCursor(path: string, cursor: Cursor): void {
  replaceFile(path, `${JSON.stringify({ v: 1, ...cursor })}\n`, { durable: true });
}
