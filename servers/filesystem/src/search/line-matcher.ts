import { FileError } from "../errors.ts";

/** A line in which something was found: its number from 1, and its bytes without the newline. */
export interface FoundLine {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds lines in a file's bytes, each once, top to bottom. `undefined` is no finding but a chance for the caller to let
 * other work run.
 */
export type LineMatcher = (bytes: Buffer) => Generator<FoundLine | undefined, void>;

const NEWLINE = 0x0a;
/** A line is held against a regular expression up to here; a 10 MiB line would block every other call. */
const MAX_LINE_BYTES = 64 * 1024;
/** Bytes of lines between two chances to pause. */
const BREATH_BYTES = 64 * 1024;

/** Bytes against bytes: no file that lacks the text is ever decoded. */
export function literalMatcher(text: string): LineMatcher {
  const needle = Buffer.from(text);
  return function* findLiteral(bytes) {
    let line = 1;
    let counted = 0;
    for (let at = bytes.indexOf(needle); at >= 0; ) {
      const start = bytes.lastIndexOf(NEWLINE, at) + 1;
      line += newlinesBetween(bytes, counted, start);
      counted = start;
      const end = endOfLine(bytes, at);
      yield { line, start, end };
      at = bytes.indexOf(needle, end);
    }
  };
}

/** Each line, up to `maxBytes` of it, against a test on text. */
export function testMatcher(test: (line: string) => boolean, maxBytes = MAX_LINE_BYTES): LineMatcher {
  const most = Math.min(maxBytes, MAX_LINE_BYTES);
  return function* findTested(bytes) {
    let line = 1;
    let breath = 0;
    for (let start = 0; start < bytes.length; line++) {
      const end = endOfLine(bytes, start);
      if (test(lineText(bytes, start, Math.min(end, start + most)))) yield { line, start, end };
      if (end - breath > BREATH_BYTES) {
        breath = end;
        yield undefined;
      }
      start = end + 1;
    }
  };
}

/** Literal text, case ignored. An escaped literal has nothing to backtrack over. */
export function ignoreCaseMatcher(text: string): LineMatcher {
  const literal = new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
  return testMatcher((line) => literal.test(line));
}

/** A line as text, without a carriage return at its end. */
export function lineText(bytes: Buffer, start: number, end: number): string {
  const trimmed = end > start && bytes[end - 1] === 0x0d ? end - 1 : end;
  return bytes.toString("utf8", start, trimmed);
}

export function endOfLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(NEWLINE, from);
  return at < 0 ? bytes.length : at;
}

function newlinesBetween(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** Text that spans lines cannot be found line by line. @throws {FileError} `newline` */
export function refuseNewline(text: string): void {
  if (text.includes("\n")) throw new FileError("newline");
}
