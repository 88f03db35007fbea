/** What a run of a fuzzer found. */
export interface FuzzReport {
  readonly tried: number;
  /** How many came to each end: `rows`, or the code of a refusal. */
  readonly ends: Readonly<Record<string, number>>;
  /** Answers that were held against the twin. */
  readonly compared: number;
  /** Answers that were asked of the neighbour, too. */
  readonly askedTwice: number;
  /** Differed from the twin, and do not depend on what is hidden. */
  readonly harmless: number;
  readonly faults: readonly string[];
  readonly perSecond: number;
}
