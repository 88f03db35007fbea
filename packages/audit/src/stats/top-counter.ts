/** How often what occurred. */
export interface Count {
  readonly name: string;
  readonly count: number;
}

/** Counts names in bounded memory. */
export interface TopCounter {
  add(name: string): void;
  /** The most frequent ones, at most `n`. */
  top(n: number): Count[];
  /** By how much each count may be too small, and a name that is missing too frequent; 0 while every name had room. */
  readonly missed: number;
}

/**
 * Misra and Gries, "Finding repeated elements" (1982): when all places are taken, one is subtracted from each count, which
 * drops what is rare. Any name with more than `total / capacity` occurrences stays, however many others a flood brings.
 */
export function topCounter(capacity: number): TopCounter {
  const counts = new Map<string, number>();
  let missed = 0;
  return {
    add(name) {
      const known = counts.get(name);
      if (known !== undefined) counts.set(name, known + 1);
      else if (counts.size < capacity) counts.set(name, 1);
      else {
        missed++;
        for (const [other, count] of counts) {
          if (count === 1) counts.delete(other);
          else counts.set(other, count - 1);
        }
      }
    },
    top: (n) =>
      [...counts]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
        .slice(0, n),
    get missed() {
      return missed;
    },
  };
}
