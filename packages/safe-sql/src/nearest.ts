/** The name in `names` that `word` was likely meant to be: at most a third of its letters differ. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let least = Math.ceil(lower.length / 3) + 1;
  for (const name of names) {
    const away = distance(lower, name.toLowerCase(), least);
    if (away < least) {
      best = name;
      least = away;
    }
  }
  return best;
}

/** Levenshtein distance, or `limit` where it is at least that. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) {
    return limit;
  }
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return Math.min(row[other.length] ?? limit, limit);
}
