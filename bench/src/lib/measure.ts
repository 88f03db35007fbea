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
