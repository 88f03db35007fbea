import type { Span } from "../span.ts";
import { findHidden, type HiddenCharacter } from "./find-hidden.ts";

/** What to do with characters nobody sees: `escape` writes `\u{202E}`, `remove` drops them, `keep` does nothing. */
export type HiddenPolicy = "escape" | "remove" | "keep";

/** Terminal control sequences (ECMA-48): without its first character `ESC [ 31 m` would leave `[31m` behind. */
const TERMINAL_SEQUENCE =
  /(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,2048}(?:\x07|\x1b\\|\x9c)/g;

/** A text without hidden characters that can still say where each of its characters came from. */
export interface StrippedText {
  readonly text: string;
  /** The stretch of the original that `span` covers, hidden characters inside included. */
  toOriginal(span: Span): Span;
}

export function cleanHidden(text: string, policy: HiddenPolicy): string {
  if (policy === "keep") return text;
  if (policy === "remove") return stripHidden(text).text;
  const parts: string[] = [];
  let done = 0;
  for (const hidden of findHidden(text)) {
    parts.push(text.slice(done, hidden.index), `\\u{${hidden.codePoint.toString(16).toUpperCase()}}`);
    done = endOf(hidden);
  }
  return done === 0 ? text : parts.join("") + text.slice(done);
}

/** Removes hidden characters and terminal sequences, so that a secret with one in its middle is found all the same. */
export function stripHidden(text: string): StrippedText {
  const kept: { readonly from: number; readonly at: number }[] = [];
  const parts: string[] = [];
  let done = 0;
  let length = 0;
  for (const [start, end] of hiddenStretches(text)) {
    if (end <= done) continue;
    if (start > done) {
      kept.push({ from: done, at: length });
      parts.push(text.slice(done, start));
      length += start - done;
    }
    done = end;
  }
  kept.push({ from: done, at: length });
  parts.push(text.slice(done));

  function original(at: number): number {
    let low = 0;
    let high = kept.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((kept[middle]?.at ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const piece = kept[low];
    return piece === undefined ? at : piece.from + (at - piece.at);
  }

  return {
    text: parts.join(""),
    toOriginal: ({ start, end, kind }) => ({ start: original(start), end: original(end - 1) + 1, kind }),
  };
}

function hiddenStretches(text: string): (readonly [start: number, end: number])[] {
  const stretches = findHidden(text).map((hidden) => [hidden.index, endOf(hidden)] as const);
  for (const match of text.matchAll(TERMINAL_SEQUENCE)) stretches.push([match.index, match.index + match[0].length]);
  return stretches.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}

function endOf(hidden: HiddenCharacter): number {
  return hidden.index + (hidden.codePoint > 0xffff ? 2 : 1);
}
