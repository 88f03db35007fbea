/** An entry as a replica holds it; `expiresAt` on this process's monotonic clock. */
export interface Copied {
  readonly key: string;
  readonly value: string;
  readonly expiresAt: number;
}

/** What one replica knows of a shared set, and since when. */
export interface LocalCopy {
  /** Whether the copy was made at `version`, and at most `maxAgeMs` ago. */
  stands(version: string | undefined, maxAgeMs: number): boolean;
  replace(version: string | undefined, listed: readonly Copied[], asOf: number): void;
  /** The copy was true at `asOf`. */
  confirm(asOf: number): void;
  entries(): ReadonlyMap<string, string>;
  ageMs(): number;
}

export function createLocalCopy(): LocalCopy {
  let version: string | undefined;
  let listedAt = Number.NEGATIVE_INFINITY;
  let trueAt = Number.NEGATIVE_INFINITY;
  let values: ReadonlyMap<string, string> = new Map();
  let held: readonly Copied[] = [];
  let firstEnd = Number.POSITIVE_INFINITY;

  function keep(entries: readonly Copied[]): void {
    held = entries;
    values = new Map(entries.map(({ key, value }) => [key, value]));
    firstEnd = entries.reduce((end, { expiresAt }) => Math.min(end, expiresAt), Number.POSITIVE_INFINITY);
  }

  return {
    stands: (seen, maxAgeMs) => seen === version && performance.now() - listedAt < maxAgeMs,
    replace(seen, listed, asOf) {
      version = seen;
      listedAt = asOf;
      keep(listed);
    },
    confirm(asOf) {
      trueAt = Math.max(trueAt, asOf);
    },
    entries() {
      const now = performance.now();
      if (now >= firstEnd) keep(held.filter(({ expiresAt }) => expiresAt > now));
      return values;
    },
    ageMs: () => performance.now() - trueAt,
  };
}
