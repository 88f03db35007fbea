/** Longer words are no typo of ours, and the comparison is quadratic in their length. */
const MAX_WORD_LENGTH = 64;

/**
 * Refuses an option that nobody declared. A misspelt one would switch a protection off in silence, and TypeScript sees
 * neither JavaScript callers nor objects that come from elsewhere.
 *
 * @param known every key of `T`; the compiler holds it complete
 * @throws {RangeError} naming the nearest right key
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof T, true>>,
): void {
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue;
    const near = nearest(key, Object.keys(known));
    const word = JSON.stringify(key.slice(0, MAX_WORD_LENGTH));
    throw new RangeError(`${what} has no option ${word}.${near === undefined ? "" : ` Did you mean "${near}"?`}`);
  }
}

function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_WORD_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters to insert, delete, replace or swap with their neighbour to get from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (last[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      const swapped = a[i] === b[j - 1] && a[i - 1] === b[j] ? (beforeLast[j - 1] ?? 0) + 1 : replaced;
      row.push(Math.min((last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
