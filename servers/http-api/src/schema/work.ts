/** What one check may cost: an honest one needs a tenth, and a hostile schema or value none that grows with it. */
const MOST = {
  /** Uses of shared schemas, and looks into one for a key. Alternatives that refer to themselves double the work with each level. */
  uses: 500_000,
  /** Schemas put together for places of a value that were not met before. */
  plans: 50_000,
  /** Characters that patterns look at, times the instructions of each: RE2 needs time linear in both (0.4 s at worst, measured). */
  matching: 30_000_000,
} as const;

/** Counts what one check does. */
export type Work = Record<keyof typeof MOST, number>;

export class TooMuchWork extends Error {
  override readonly name = "TooMuchWork";
}

export function createWork(): Work {
  return { uses: 0, plans: 0, matching: 0 };
}

/** At the beginning of a check. */
export function beginWork(work: Work): void {
  work.uses = 0;
  work.plans = 0;
  work.matching = 0;
}

/** @throws {TooMuchWork} */
export function spend(work: Work, kind: keyof Work, amount: number): void {
  work[kind] += amount;
  if (work[kind] > MOST[kind]) throw new TooMuchWork("too much work");
}
