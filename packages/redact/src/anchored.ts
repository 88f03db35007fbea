import type { Detector, Span } from "./span.ts";

/** A literal every match contains, and how far into the match it stands. */
export interface Anchor {
  readonly find: string;
  readonly at: number;
}

/** Something with a well-known look. */
export interface Shape {
  readonly id: string;
  /**
   * The engine looks for the first character of an anchor, so it should be a rare one: on a mebibyte of source code
   * `pm_` takes a third of the time of `npm_` (measured). Under seven characters, or a slower search is chosen.
   */
  readonly anchors: readonly Anchor[];
  /**
   * Tried where the match would begin. Quantifiers are bounded, and no match may read past the next start of another:
   * either its characters exclude its own anchor, or it starts at a boundary. A group named `secret` limits what is
   * replaced; one named `before`, in a look-behind, extends it to the left.
   */
  readonly pattern: RegExp;
  /** A last check that a pattern cannot make. */
  readonly accept?: (match: string) => boolean;
  /** For the tests, in pieces that no scanner of repositories takes for a leak. */
  readonly example: readonly string[];
  readonly nearMiss: readonly string[];
}

/** Searches natively for the anchors and runs the pattern only there. */
export function createShapeDetector(shape: Shape): Detector {
  const pattern = new RegExp(shape.pattern.source, `${shape.pattern.flags.replace(/[gyd]/g, "")}yd`);

  function tryAt(text: string, start: number): Span | undefined {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null || shape.accept?.(match[0]) === false) return undefined;
    const groups = match.indices?.groups;
    const [from, to] = groups?.["secret"] ?? [groups?.["before"]?.[0] ?? start, pattern.lastIndex];
    return { start: from, end: to, kind: shape.id };
  }

  return {
    find(text, found) {
      for (const { find, at } of shape.anchors) {
        let done = 0;
        for (let hit = text.indexOf(find); hit !== -1; hit = text.indexOf(find, hit + 1)) {
          if (hit < done || hit < at) continue;
          const span = tryAt(text, hit - at);
          if (span === undefined) continue;
          found.push(span);
          done = span.end;
        }
      }
    },
  };
}
