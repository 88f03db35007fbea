import { didYouMean } from "./nearest.ts";

/**
 * Refuses a key that nobody declared: a misspelt one would leave a protection out in silence.
 *
 * @param known every key of `T`; the compiler holds it complete
 * @throws {TypeError} naming the nearest right key
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  given: T,
  known: Readonly<Record<keyof T, true>>,
): void {
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(known, key)) continue;
    throw new TypeError(`${what} has no "${key}".${didYouMean(key, Object.keys(known))}`);
  }
}
