/**
 * The candidate closest to what was typed, when it is close enough to be meant: it starts with it, or at most a third
 * of its letters differ.
 *
 * @returns undefined when nothing is close
 */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  if (typed.length > 2) {
    const longer = candidates.find((candidate) => candidate.startsWith(typed));
    if (longer !== undefined) return longer;
  }
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const d = editDistance(typed.slice(0, 64), candidate);
    if (d < bestDistance && d <= Math.max(1, Math.ceil(candidate.length / 3))) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
