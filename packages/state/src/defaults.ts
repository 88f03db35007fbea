/** Every default and bound of this package. */
export const STATE_DEFAULTS = {
  /** An operation that takes longer has failed. */
  timeoutMs: 500,
  /** How often a store that is away is tried. */
  probeMs: 1_000,
  /** For the first connection, and for each later one. */
  connectTimeoutMs: 5_000,
  /** How far the clocks of replicas and store may disagree before a sealed entry counts as extended. */
  maxSkewMs: 60_000,
  /** Entries and counts of a memory store. */
  maxEntries: 1_000_000,
  /** A shared set is listed again after this time, whatever its version says. */
  maxAgeMs: 30_000,
} as const;

/** Bounds of keys, values, times and pages. */
export const BOUNDS = {
  keyBytes: 512,
  valueBytes: 64 * 1024,
  /** Ten years. */
  ttlMs: 3_652 * 24 * 60 * 60 * 1000,
  /** Of one addition to a count, either way. */
  by: 2 ** 31 - 1,
  listLimit: 100,
  maxListLimit: 1_000,
} as const;
