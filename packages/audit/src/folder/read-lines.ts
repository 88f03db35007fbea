import { readSync } from "node:fs";
import { auditDefaults } from "../defaults.ts";

/** One stretch of a file: a line, or what stands after the last line feed. */
export interface Stretch {
  readonly kind: "line" | "tail" | "too_long";
  /** Holds the content at `[start, end)`; valid until the next stretch is asked for. `start` is at least 1. */
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

const LF = 0x0a;
const CHUNK = 256 * 1024;

/**
 * Reads lines with one buffer, whatever the size of the file. A line longer than any record ends the reading.
 *
 * @param from where to begin, in bytes: the start of a line
 */
export function* readLines(fd: number, from = 0): Generator<Stretch, void, void> {
  const buffer = Buffer.allocUnsafe(1 + auditDefaults.maxLineBytes + CHUNK);
  // Byte 0 stays spare: the first line, too, has a byte before it.
  let start = 1;
  let filled = 1;
  let position = from;
  for (;;) {
    const read = readSync(fd, buffer, filled, CHUNK, position);
    if (read === 0) break;
    position += read;
    let searchFrom = filled;
    filled += read;
    for (;;) {
      const end = buffer.subarray(0, filled).indexOf(LF, searchFrom);
      if (end === -1) break;
      yield { kind: "line", buffer, start, end };
      start = end + 1;
      searchFrom = start;
    }
    if (filled - start > auditDefaults.maxLineBytes) {
      yield { kind: "too_long", buffer, start, end: filled };
      return;
    }
    // The rest of a line moves to the front, behind the spare byte.
    buffer.copy(buffer, 1, start, filled);
    filled = 1 + filled - start;
    start = 1;
  }
  if (filled > start) yield { kind: "tail", buffer, start, end: filled };
}
