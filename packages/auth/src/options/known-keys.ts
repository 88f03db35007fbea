import { AuthConfigError } from "../auth-config-error.ts";

/**
 * Refuses an option that nobody declared: a misspelt `dpop` would switch the demand for proof off in silence.
 *
 * @param known every key of `T`; the compiler holds it complete
 * @throws {AuthConfigError} naming the nearest right key
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof T, true>>,
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new AuthConfigError(`${what} must be an object.`);
  }
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(known, key)) continue;
    const near = nearest(key, Object.keys(known));
    throw new AuthConfigError(`${what} has no option "${key}".${near === undefined ? "" : ` Did you mean "${near}"?`}`);
  }
}

function nearest(word: string, candidates: readonly string[]): string | undefined {
  // A long word is no typo of ours, and the comparison below is quadratic in its length.
  if (word.length > 64) return undefined;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of candidates) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= Math.max(1, word.length / 3) && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { name, distance };
    }
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced));
    }
    last = row;
  }
  return last[b.length] ?? a.length;
}
