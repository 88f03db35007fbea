import type { Hash } from "../tree/node-hash.ts";
import type { AnchorNote } from "./anchor-notes.ts";
import type { Anchor } from "./report.ts";

/** Holds a log against what was noted of it elsewhere, while it is read. */
export interface AnchorCheck {
  /** The next size or record number at which {@link at} has something to compare; Infinity when there is none. */
  readonly due: number;
  /** The log has `size` records with this root, and `hash` is its newest one. */
  at(size: number, hash: Hash, root: () => Hash): string | undefined;
  /** The log begins at `from`: what speaks of less cannot be compared, but a note of exactly that size can. */
  begin(from: number, root: Hash): string | undefined;
  readonly matched: number;
  /** How many speak of what was deleted. */
  readonly passed: number;
  /** The size the log must have had; undefined when every anchor was reached. */
  readonly missing: number | undefined;
}

/** One point to compare. A head of record SEQ is compared when the log has SEQ + 1 records. */
interface Point {
  readonly size: number;
  readonly hash?: Hash;
  readonly root?: Hash;
}

export function anchorCheck(heads: readonly Anchor[], notes: readonly AnchorNote[]): AnchorCheck {
  const points: Point[] = [
    ...heads.map(({ seq, hash }) => ({ size: seq + 1, hash })),
    ...notes.map(({ size, root }) => ({ size, root })),
  ].sort((a, b) => a.size - b.size);
  let at = 0;
  let matched = 0;
  let passed = 0;
  const due = () => points[at]?.size ?? Number.POSITIVE_INFINITY;

  return {
    get due() {
      return due();
    },
    get matched() {
      return matched;
    },
    get passed() {
      return passed;
    },
    get missing() {
      return at < points.length ? points.at(-1)?.size : undefined;
    },
    begin(from, root) {
      for (; due() <= from; at++) {
        const point = points[at];
        if (point?.size === from && point.root !== undefined && from > 0) {
          if (point.root !== root) return REWRITTEN;
          matched++;
        } else passed++;
      }
      return undefined;
    },
    at(size, hash, root) {
      for (; due() === size; at++) {
        const point = points[at];
        if (point?.hash !== undefined && point.hash !== hash) return REWRITTEN;
        if (point?.root !== undefined && point.root !== root()) return REWRITTEN;
        matched++;
      }
      return undefined;
    },
  };
}

const REWRITTEN = "the record differs from the anchor: the log was rewritten";
