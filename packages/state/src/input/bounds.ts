import { BOUNDS } from "../defaults.ts";
import { StateError } from "../state-error.ts";

/**
 * Refuses a key that two drivers could understand differently: PostgreSQL and C end a text at NUL, and half a surrogate pair
 * turns into U+FFFD on the way, where two keys become one.
 */
export function checkKey(key: string): void {
  checkText("A key", key, BOUNDS.keyBytes);
  if (key === "") throw invalid("A key is empty.");
  if (key.includes("\0")) throw invalid("A key contains NUL.");
}

/** A prefix may be empty: everything. */
export function checkPrefix(prefix: string): void {
  if (prefix !== "") checkKey(prefix);
}

export function checkValue(value: string): void {
  checkText("A value", value, BOUNDS.valueBytes);
}

export function checkTtl(ttlMs: number): void {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1 && ttlMs <= BOUNDS.ttlMs) return;
  throw invalid(`ttlMs must be a whole number of milliseconds from 1 to ${BOUNDS.ttlMs} (ten years).`);
}

export function checkBy(by: number): void {
  if (Number.isSafeInteger(by) && Math.abs(by) <= BOUNDS.by) return;
  throw invalid(`A count is changed by whole numbers of at most ${BOUNDS.by}.`);
}

export function checkLimit(limit: number): void {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= BOUNDS.maxListLimit) return;
  throw invalid(`The limit of a listing is a whole number from 1 to ${BOUNDS.maxListLimit}.`);
}

function checkText(what: string, text: unknown, maxBytes: number): void {
  if (typeof text !== "string") throw invalid(`${what} must be a string.`);
  // UTF-8 has at least one byte for each UTF-16 unit: a huge text is refused without encoding it.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw invalid(`${what} has more than ${maxBytes} bytes of UTF-8.`);
  }
  if (!text.isWellFormed()) throw invalid(`${what} contains half a surrogate pair.`);
}

// Never the text itself: keys hold token ids, values hold grants.
function invalid(message: string): StateError {
  return new StateError("invalid", message);
}
