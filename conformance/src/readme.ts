import { readFile } from "node:fs/promises";
import { BASELINE } from "./baseline.ts";
import { asEntry, type Gap } from "./gap.ts";

/** The baseline for readers: one item for each explanation, with the entries it covers and the runs they belong to. */
export function baselineForReaders(): string {
  return BASELINE.map(
    ({ feature, standing, reason, decision, gaps }) =>
      `- **${feature}** (${standing}). ${reason} ${decision}\n${entriesByRuns(gaps)}`,
  ).join("\n");
}

function entriesByRuns(gaps: readonly Gap[]): string {
  return [...Map.groupBy(gaps, (gap) => gap.runs.join(", "))]
    .map(([runs, group]) => `  - ${runs}: ${group.map((gap) => `\`${shortEntry(gap)}\``).join(", ")}`)
    .join("\n");
}

/** Most scenarios of one check name it after themselves; once is enough for readers. */
function shortEntry(gap: Gap): string {
  return gap.check === gap.scenario ? gap.scenario : asEntry(gap);
}

/** Whether the README still says what the baseline says. Line breaks are the formatter's business. */
export async function readmeAgrees(): Promise<boolean> {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  return onOneLine(readme).includes(onOneLine(baselineForReaders()));
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
