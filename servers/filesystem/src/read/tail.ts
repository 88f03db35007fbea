import type { OpenFile } from "@hardened-mcp/safe-path";
import { readBytes } from "./bytes.ts";
import { withoutLastNewline } from "./locate-line.ts";
import { decodeText, fromCharacter } from "./text.ts";

const FIRST_CHUNK_BYTES = 64 * 1024;
const NOTE_BYTES = 256;

/**
 * Reads the last `count` lines with their line endings, without the last one's. Reads backwards, twice as much each time,
 * so that the end of a large log costs as much as the end of a small one.
 *
 * @throws {FileError} `not_text`
 */
export async function readTail(file: OpenFile, count: number, maxBytes: number, signal: AbortSignal): Promise<string> {
  const { size } = file.stat;
  const most = Math.min(size, maxBytes - NOTE_BYTES);
  for (let length = Math.min(most, FIRST_CHUNK_BYTES); ; length = Math.min(most, length * 2)) {
    const bytes = withoutLastNewline(await readBytes(file, size - length, length, signal));
    const start = startOfLastLines(bytes, count);
    if (start !== undefined) return decodeText(bytes.subarray(start));
    if (length === size) return decodeText(bytes);
    if (length === most) return cut(bytes);
  }
}

/** Where the last `count` lines begin; `undefined` when they begin before these bytes. */
function startOfLastLines(bytes: Buffer, count: number): number | undefined {
  let before = bytes.length;
  for (let line = 0; line < count; line++) {
    if (before === 0) return undefined;
    before = bytes.lastIndexOf(0x0a, before - 1);
    if (before < 0) return undefined;
  }
  return before + 1;
}

function cut(bytes: Buffer): string {
  const newline = bytes.indexOf(0x0a);
  const shown = newline < 0 ? fromCharacter(bytes) : bytes.subarray(newline + 1);
  return `[cut: earlier lines do not fit into one answer]\n${decodeText(shown)}`;
}
