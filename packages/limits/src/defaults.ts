/** What one JSON document may contain. */
export interface JsonLimits {
  /** UTF-8 bytes of the whole document. */
  readonly maxBytes: number;
  /** Nested arrays and objects; `[]` has depth 1. */
  readonly maxDepth: number;
  /** Values of any kind in the whole document: the root, every object member, every array element. */
  readonly maxValues: number;
  /** Length of one string or key, in UTF-16 code units, as written (an escape counts as its source text). */
  readonly maxStringLength: number;
}

/** How many calls may run at once, and how many may wait for how long. */
export interface ConcurrencyOptions {
  /** Calls running at the same time. */
  readonly max: number;
  /** Calls waiting, first in first out; one more is refused with `queue_full`. `0` refuses at once. */
  readonly queue: number;
  /** Longest wait in the queue, in milliseconds; then `wait_timeout`. */
  readonly maxWaitMs: number;
}

/** Every default of this package. Sizes are bytes, times are milliseconds. */
export const LIMIT_DEFAULTS = {
  json: {
    maxBytes: 4 * 1024 * 1024,
    // JSON.stringify and RFC 8785 canonicalisation overflow the stack near depth 5,000 (measured); no tool needs 64.
    maxDepth: 64,
    maxValues: 10_000,
    maxStringLength: 1024 * 1024,
  },
  /** Distinct keys remembered for each rate rule. */
  rateMaxKeys: 100_000,
  /** A refusal of the shared store is believed for this long before it is asked again. */
  rateBelieveMs: 60_000,
  concurrency: { max: 32, queue: 128, maxWaitMs: 5_000 },
  /** Distinct keys with a call running or waiting. */
  concurrencyMaxKeys: 10_000,
  deadlineMs: 30_000,
  /** Text of one tool result, mark of truncation included. */
  outputMaxBytes: 1024 * 1024,
} as const satisfies {
  json: JsonLimits;
  rateMaxKeys: number;
  rateBelieveMs: number;
  concurrency: ConcurrencyOptions;
  concurrencyMaxKeys: number;
  deadlineMs: number;
  outputMaxBytes: number;
};
