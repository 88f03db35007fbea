import { StateError } from "../state-error.ts";

/**
 * Refuses an option that nobody declared: a misspelt one would switch a protection off in silence.
 *
 * @param known every key of `T`; the compiler holds it complete
 * @throws {StateError} `invalid`, naming the nearest right key
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  options: T | undefined,
  known: Readonly<Record<keyof T, true>>,
): void {
  for (const key of Object.keys(options ?? {})) {
    if (Object.hasOwn(known, key)) continue;
    const near = nearest(key, Object.keys(known));
    throw new StateError(
      "invalid",
      `${what} has no option "${key}". ${near ? `Did you mean "${near}"?` : `It has: ${Object.keys(known).join(", ")}.`}`,
    );
  }
}

/** The candidate a person most likely meant: the fewest edits, at most a third of the word. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: edits(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function edits(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced));
    }
    last = row;
  }
  return last[b.length] ?? 0;
}
