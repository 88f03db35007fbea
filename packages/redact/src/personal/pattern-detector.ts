import type { Detector } from "../span.ts";

/** Characters that continue a number or a word: a shorter candidate must not end in the middle of one. */
const CONTINUES = /[A-Za-z0-9]/;

/**
 * Finds by patterns over the whole text. A candidate that fails its check is tried again without its last groups, since
 * `4111 1111 1111 1111 12/29` reads as one long number.
 */
export function createPatternDetector(
  kind: string,
  patterns: readonly RegExp[],
  accept: (candidate: string) => boolean = () => true,
): Detector {
  return {
    find(text, found) {
      for (const pattern of patterns) {
        for (const match of text.matchAll(pattern)) {
          const end = acceptedEnd(text, match.index, match[0].length, accept);
          if (end !== undefined) found.push({ start: match.index, end, kind });
        }
      }
    },
  };
}

function acceptedEnd(
  text: string,
  start: number,
  length: number,
  accept: (candidate: string) => boolean,
): number | undefined {
  for (let end = start + length; end > start; end--) {
    if (CONTINUES.test(text.charAt(end))) continue;
    if (accept(text.slice(start, end))) return end;
  }
  return undefined;
}
