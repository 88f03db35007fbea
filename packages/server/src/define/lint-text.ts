import { findHidden } from "@hardened-mcp/redact";

/** Characters of one text. */
export const MAX_TEXT = 4096;

/** Adds one finding. */
export type Say = (problem: string) => void;

/** A text that a model reads holds what a person sees, and no more than a person would read. */
export function lintText(where: string, text: string, say: Say): void {
  if (text.length > MAX_TEXT) say(`${where} is longer than ${MAX_TEXT} characters`);
  const hidden = findHidden(text)[0];
  if (hidden !== undefined) {
    say(
      `${where} holds a hidden character (U+${hidden.codePoint.toString(16).toUpperCase().padStart(4, "0")} at ${hidden.index})`,
    );
  }
}
