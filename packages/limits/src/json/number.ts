/** From here on JSON.stringify writes an exponent, so the reader sees that the value is approximate. */
const EXPONENT_FROM = 1e21;

/**
 * Whether two readers of the number would see the same value.
 *
 * 9007199254740993 reads as ...992: the number a person approved and hashed is not the number that runs. `1e999` reads
 * as Infinity, which JSON cannot write back.
 */
export function isExactNumber(value: number): boolean {
  if (!Number.isFinite(value)) return false;
  return !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) >= EXPONENT_FROM;
}
