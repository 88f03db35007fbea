import type { OpenFile } from "@hardened-mcp/safe-path";
import { FileError } from "../errors.ts";
import { readBytes } from "./bytes.ts";
import { countNewlines, endOfLines, locateLine, withoutLastNewline } from "./locate-line.ts";
import { decodeText, wholeCharacters } from "./text.ts";

/** Room for the words that say where a text was cut. */
const NOTE_BYTES = 256;

/**
 * Reads the lines `first` to `last` (from 1, inclusive; `last` undefined: to the end) with their line endings, without the
 * last one's when `last` is given. What does not fit into `maxBytes` is left out visibly, with the line to go on from.
 *
 * @throws {FileError} `past_end`, `not_text`
 */
export async function readRange(
  file: OpenFile,
  first: number,
  last: number | undefined,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const start = await locateLine(file, first, signal);
  if (start === undefined) throw new FileError("past_end");
  const left = file.stat.size - start;
  const bytes = await readBytes(file, start, Math.min(left, maxBytes), signal);
  if (last === undefined) return left <= maxBytes ? decodeText(bytes) : cut(bytes, first, maxBytes);
  const end = endOfLines(bytes, last - first + 1);
  if (end !== undefined) return decodeText(withoutLastNewline(bytes.subarray(0, end)));
  return left <= maxBytes ? decodeText(withoutLastNewline(bytes)) : cut(bytes, first, maxBytes);
}

/** As much as fits, up to the end of a line, and where to go on. */
function cut(bytes: Buffer, first: number, maxBytes: number): string {
  const fitting = bytes.subarray(0, maxBytes - NOTE_BYTES);
  const end = fitting.lastIndexOf(0x0a) + 1;
  if (end === 0) {
    const part = decodeText(wholeCharacters(fitting));
    return `${part}\n\n[cut: line ${first} is longer than one answer holds. The next line is startLine: ${first + 1}]`;
  }
  const shown = fitting.subarray(0, end);
  return `${decodeText(shown)}\n[cut: an answer holds ${maxBytes} bytes. Go on with startLine: ${first + countNewlines(shown)}]`;
}
