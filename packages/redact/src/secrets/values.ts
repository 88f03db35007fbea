import { markOf } from "../replace.ts";
import type { Detector } from "../span.ts";

/** Shorter values would turn ordinary words into marks, and the marks would then tell what the value is. */
export const MIN_SECRET_LENGTH = 6;

export const VALUE_KIND = "secret";

/** Finds configured secrets wherever they stand. */
export interface ValueDetector extends Detector {
  /** @throws {RangeError} too short, or a part of the marks themselves; the message does not quote the value */
  add(value: string): void;
  /** Whether the text holds a secret. */
  hits(text: string): boolean;
}

/** @param kinds every kind that may stand in a mark */
export function createValueDetector(kinds: readonly string[]): ValueDetector {
  const marks = [VALUE_KIND, ...kinds].map(markOf);
  let needles: readonly string[] = [];

  return {
    add(value) {
      if (value.length < MIN_SECRET_LENGTH) {
        throw new RangeError(`a secret value must have at least ${MIN_SECRET_LENGTH} characters`);
      }
      if (marks.some((mark) => mark.includes(value))) {
        throw new RangeError("a secret value must not be a part of the marks that replace it");
      }
      needles = [...new Set([...needles, ...spellings(value)])];
    },
    find(text, found) {
      for (const needle of needles) {
        // From the next character on, not from the end: `abab` stands twice in `ababab`.
        for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
          found.push({ start: at, end: at + needle.length, kind: VALUE_KIND });
        }
      }
    },
    hits: (text) => needles.some((needle) => text.includes(needle)),
  };
}

/** The value itself and as it looks inside JSON text and inside a URL, where those differ. */
function spellings(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())];
}
