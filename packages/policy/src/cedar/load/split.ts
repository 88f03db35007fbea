/** One policy's text and where it stands. */
export interface Piece {
  readonly text: string;
  /** Line of its first character that is neither space nor comment, from 1. */
  readonly line: number;
  /** Line of `text`'s first character. */
  readonly textLine: number;
}

/** Text that ends every policy but stands in none of Cedar's tokens besides comments and strings. */
const TOKEN = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|;|[({[]|[)}\]]|\S|\s+/gsu;

/** How deep brackets may go: the engine recurses, and a stack overflow inside WebAssembly leaves it broken. */
export const MAX_NESTING = 64;
/** Longest policy, in characters; same reason: `a && a && …` is as deep as it is long. */
export const MAX_POLICY_LENGTH = 16_384;

/**
 * Cuts a file into its policies, to know the line of each. The engine, which counts and parses every piece again, has the
 * last word: the caller compares.
 */
export function splitPolicies(file: string): { readonly pieces: readonly Piece[]; readonly nesting: number } {
  const pieces: Piece[] = [];
  let text = "";
  let line = 1;
  let textLine = 1;
  let start: number | undefined;
  let depth = 0;
  let nesting = 0;
  for (const [token] of file.matchAll(TOKEN)) {
    const isCode = !/^(?:\/\/|\s)/u.test(token);
    if (isCode) start ??= line;
    text += token;
    if (/^[({[]$/.test(token)) nesting = Math.max(nesting, ++depth);
    if (/^[)}\]]$/.test(token)) depth--;
    line += token.split("\n").length - 1;
    if (token !== ";") continue;
    pieces.push({ text, line: start ?? line, textLine });
    text = "";
    textLine = line;
    start = undefined;
    depth = 0;
  }
  // What stands after the last `;` is a policy without its end, which the engine reports.
  if (start !== undefined) pieces.push({ text, line: start, textLine });
  return { pieces, nesting };
}

/** The line of the byte at `offset` of `text`, whose first line is `firstLine`. */
export function lineAt(text: string, offset: number, firstLine = 1): number {
  const before = Buffer.from(text).subarray(0, offset).toString();
  return firstLine + before.split("\n").length - 1;
}
