import type { Tried } from "./trial.ts";

/** One trial, in a line; why it failed below. */
export function describeTried({ title, ms, failure, skipped }: Tried): string {
  if (skipped !== undefined) return `skipped ${title}: ${skipped}`;
  const steps = [...ms].map(([step, spent]) => `${step} ${seconds(spent)}`).join(", ");
  const why = failure === undefined ? "" : `\n  ${failure.step}: ${failure.why.replaceAll("\n", "\n  ")}`;
  return `${failure === undefined ? "ok    " : "FAILED"} ${title}: ${steps}${why}`;
}

/** What each step took over all trials that did it, and the sum, which ends the run. */
export function summarize(tried: readonly Tried[], wallMs: number): string {
  const spent = Map.groupBy(
    tried.flatMap(({ ms }) => [...ms]),
    ([step]) => step,
  );
  const lines = [...spent].map(([step, entries]) => {
    const sorted = entries.map(([, ms]) => ms).sort((a, b) => a - b);
    const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
    return `  ${step.padEnd(16)} ${sorted.length} times, median ${seconds(median)}, longest ${seconds(sorted.at(-1) ?? 0)}`;
  });
  const failed = tried.filter(({ failure }) => failure !== undefined).length;
  const skipped = tried.filter((one) => one.skipped !== undefined).length;
  const counts = `${tried.length - failed - skipped} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return [...lines, `took ${seconds(wallMs)}`, counts].join("\n");
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
