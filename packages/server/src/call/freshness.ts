/** How long something that could not be brought up to date goes on being believed. */
export interface Freshness {
  confirmed(): void;
  /** Whether what was last known may still be used after `error`. Only an absent store is forgiven, and not for ever. */
  isTrusted(error: unknown): boolean;
}

/** @param maxAgeMs from the last confirmation on; before the first one nothing is known, and so nothing is trusted */
export function createFreshness(maxAgeMs: number, now: () => number = () => performance.now()): Freshness {
  let confirmedAt = Number.NEGATIVE_INFINITY;
  return {
    confirmed() {
      confirmedAt = now();
    },
    isTrusted: (error) => isUnavailable(error) && now() - confirmedAt <= maxAgeMs,
  };
}

/** A store that answers wrongly has been tampered with; one that does not answer is merely away. */
function isUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === "StateError" && "code" in error && error.code === "unavailable";
}
