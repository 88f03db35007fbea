import type { OpenFile } from "@hardened-mcp/safe-path";
import { readBytes } from "./bytes.ts";

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1024 * 1024;

/**
 * The byte at which a line begins, found without holding more than one chunk of the file.
 *
 * @param line counted from 1
 * @returns `undefined` when the file ends before
 */
export async function locateLine(file: OpenFile, line: number, signal: AbortSignal): Promise<number | undefined> {
  const { size } = file.stat;
  if (line === 1) return 0;
  let left = line - 1;
  for (let position = 0; position < size; ) {
    const chunk = await readBytes(file, position, Math.min(CHUNK_BYTES, size - position), signal);
    if (chunk.length === 0) return undefined;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      left--;
      if (left > 0) continue;
      const start = position + at + 1;
      return start < size ? start : undefined;
    }
    position += chunk.length;
  }
  return undefined;
}

/** Where the `count`th line from here ends, its newline included; `undefined` when these bytes do not reach so far. */
export function endOfLines(bytes: Buffer, count: number): number | undefined {
  let end = 0;
  for (let line = 0; line < count; line++) {
    const at = bytes.indexOf(NEWLINE, end);
    if (at < 0) return undefined;
    end = at + 1;
  }
  return end;
}

/** Lines that end in these bytes. */
export function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** `bytes` without the newline they end with, if any. */
export function withoutLastNewline(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== NEWLINE) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
