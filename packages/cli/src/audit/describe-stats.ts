import type { LogStats, Ranking } from "@hardened-mcp/audit";
import { printable } from "../printable.ts";

/** The figures for people. Names come from callers: none reaches the terminal as it came. */
export function describeStats(stats: LogStats): string {
  const { dir, records, bytes, segments, first, last, latency, unfinished, unreadable } = stats;
  const lines = [
    printable(dir),
    `  ${records} records, ${bytes} bytes, ${segments} segment(s)`,
    `  from ${printable(first ?? "-")} to ${printable(last ?? "-")}`,
  ];
  if (unreadable > 0) lines.push(`  ${unreadable} line(s) are no records: run audit verify`);
  lines.push(`  ${unfinished} call(s) without an outcome`);
  if (latency.count > 0) {
    const [p50, p90, p99, max] = [latency.p50, latency.p90, latency.p99, latency.max].map((ms) => ms?.toPrecision(3));
    lines.push(`  ${latency.count} calls took, in ms: p50 ${p50}, p90 ${p90}, p99 ${p99}, most ${max}`);
  }
  lines.push(
    ...ranking("types", stats.types),
    ...ranking("tools called", stats.tools),
    ...ranking("answers", stats.codes),
    ...ranking("callers", stats.actors),
    ...ranking("refused by step, rule and code", stats.refusals),
    ...ranking("definitions changed", stats.changed),
  );
  if (stats.gaps.length > 0) lines.push("  longest gaps");
  for (const { after, from, ms, why } of stats.gaps) {
    lines.push(`    ${Math.round(ms / 1000)} s after record ${after}, ${printable(from)} (${why})`);
  }
  return `${lines.join("\n")}\n`;
}

function ranking(title: string, { top, missed }: Ranking): string[] {
  if (top.length === 0) return [];
  const doubt = missed > 0 ? ` (each may be up to ${missed} more)` : "";
  const width = Math.max(...top.map(({ count }) => String(count).length));
  return [
    `  ${title}${doubt}`,
    ...top.map(({ name, count }) => `    ${String(count).padStart(width)} ${printable(name)}`),
  ];
}
