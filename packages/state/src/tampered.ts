import { StateError } from "./state-error.ts";
import type { Counted } from "./store.ts";

/**
 * What a driver found where this package writes something else. It is about that one key, and no sign of a store that is
 * away: whoever may write to the store could otherwise make all of it look away by one bad key.
 */
export function tampered(what: "count" | "entry"): StateError {
  const found = what === "count" ? "no count" : "no entry";
  return new StateError(
    "tampered",
    `The state store holds something under one of our keys that is ${found} of ours. Find out who else can write to the store, then delete that key.`,
  );
}

/**
 * A count as a store gave it. It may be below zero: `increment` goes down as well.
 *
 * @throws {StateError} `tampered`: no whole number that additions of ours can reach, or no time that a count can have left
 */
export function readCount(value: unknown, expiresInMs: unknown): Counted {
  if (!isWhole(value) || !isWhole(expiresInMs) || expiresInMs < 0) throw tampered("count");
  return { value, expiresInMs };
}

/** Beyond 2^53 adding 1 changes nothing, so a limit would never be reached again. */
function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
