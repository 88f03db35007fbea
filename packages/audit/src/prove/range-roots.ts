import { AuditError } from "../errors.ts";
import { createFrontier, type Frontier } from "../tree/frontier.ts";
import type { Hash } from "../tree/node-hash.ts";
import type { Range } from "../tree/ranges.ts";

/** Roots of ranges that do not overlap, in one pass over the leaves and in constant memory. */
export interface RangeRoots {
  /**
   * The leaves begin at `from`; before it there is only the edge of the tree.
   *
   * @throws {AuditError} `invalid`: a range needs more than the edge of what was deleted
   */
  begin(from: number, edge: readonly Hash[]): void;
  leaf(seq: number, hash: Hash): void;
  /** In the order of the ranges. Undefined while leaves are missing. */
  roots(): Hash[] | undefined;
}

export function rangeRoots(ranges: readonly Range[]): RangeRoots {
  const parts = ranges.map((range) => ({ ...range, frontier: createFrontier() }));
  const inOrder = [...parts].sort((a, b) => a.from - b.from);
  let at = 0;
  return {
    begin(from, edge) {
      for (const part of inOrder) {
        if (part.from < from) part.frontier = beforeStart(part, from, edge);
      }
    },
    leaf(seq, hash) {
      let part = inOrder[at];
      while (part !== undefined && seq >= part.to) part = inOrder[++at];
      if (part !== undefined && seq >= part.from) part.frontier.append(hash);
    },
    roots() {
      if (parts.some(({ from, to, frontier }) => frontier.size !== to - from)) return undefined;
      return parts.map(({ frontier }) => frontier.root());
    },
  };
}

/**
 * What the edge of `size` leaves holds of a range. Subtrees lie within each other or apart, so a range of a proof for what
 * is present either consists of whole nodes of the edge, or was deleted.
 */
function beforeStart({ from, to }: Range, size: number, edge: readonly Hash[]): Frontier {
  const nodes: Hash[] = [];
  let covered = 0;
  let start = 0;
  for (const node of edge) {
    const width = largestPower(size - start);
    if (start >= from && start + width <= to) {
      nodes.push(node);
      covered += width;
    }
    start += width;
  }
  if (covered !== Math.min(to, size) - from) {
    throw new AuditError("invalid", "the proof needs records that were deleted: start it from a later checkpoint");
  }
  return createFrontier(covered, nodes);
}

/** The largest power of two up to `n`. */
function largestPower(n: number): number {
  let power = 1;
  while (power * 2 <= n) power *= 2;
  return power;
}
