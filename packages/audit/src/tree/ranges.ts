/** Leaves `[from, to)`, whose hash is the root of the tree over just them. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The ranges whose roots are the inclusion path of leaf `index` in a tree of `size`, in the path's order (RFC 6962, 2.1.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose roots prove that a tree of `oldSize` begins a tree of `newSize`, in order (RFC 6962, 2.1.2). */
export function consistencyRanges(oldSize: number, newSize: number): Range[] {
  if (oldSize <= 0 || oldSize >= newSize) return [];
  const ranges: Range[] = [];
  let [from, to] = [0, newSize];
  // Until the old tree ends where this subtree does; then its own root is the last thing to prove.
  while (oldSize < to) {
    const middle = from + split(to - from);
    if (oldSize <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // A verifier knows the old root, and it is this one when nothing stands to its left.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}
