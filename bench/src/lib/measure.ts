/** Calls a second and the median time of one, with `inFlight` calls under way at any moment. */
export interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
}

export async function measureRate(call: () => Promise<unknown>, calls: number, inFlight: number): Promise<Rate> {
  const times: number[] = [];
  let left = calls;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) {
        const from = performance.now();
        await call();
        times.push(performance.now() - from);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: calls / seconds, p50Ms: median(times) };
}

/**
 * One figure of each target a round, targets in turn and every other round backwards, so that whatever else the machine
 * does falls on all of them alike.
 */
export async function inTurn<Name extends string>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<number>,
): Promise<ReadonlyMap<Name, readonly number[]>> {
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) figures.get(name)?.push(await measure(name));
  }
  return figures;
}

/** The median of the ratios of each round: what slowed a whole round down has no say. */
export function ratio(values: readonly number[], to: readonly number[]): number {
  return median(values.map((value, round) => value / (to[round] ?? Number.NaN)));
}

/** A median with its middle half, such as `12.3 (11.9 to 13)`. */
export function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
  return `${shown(median(values))} (${shown(at(0.25))} to ${shown(at(0.75))})`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** Three significant digits: more would be noise here. */
export function shown(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}

/** A Markdown table, as it stands in docs/performance.md. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
