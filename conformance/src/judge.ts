import type { Gap } from "./gap.ts";
import type { Failure, Outcome, SuiteResult } from "./suite.ts";

/** What a run means once the baseline has been held against it. */
export interface Verdict {
  readonly passed: readonly string[];
  /** Nothing failed, and nothing was checked either: the suite found no occasion. */
  readonly skipped: readonly string[];
  readonly explained: readonly { readonly scenario: string; readonly gaps: readonly Gap[] }[];
  readonly unexpected: readonly { readonly scenario: string; readonly failures: readonly Failure[] }[];
  /** Entries that explain nothing that failed. They would hide the next failure, so they fail the run. */
  readonly stale: readonly Gap[];
}

/**
 * Sorts the outcomes of a run.
 *
 * The suite judges too, but leaves out what its requirement set does not score, and tolerates an entry whose check was
 * not made. Here every scenario that ran is judged, and every entry must be needed.
 */
export function judge(result: SuiteResult, gaps: readonly Gap[]): Verdict {
  const passed: string[] = [];
  const skipped: string[] = [];
  const explained: { scenario: string; gaps: readonly Gap[] }[] = [];
  const unexpected: { scenario: string; failures: readonly Failure[] }[] = [];
  for (const { scenario, failures, passedChecks } of result.outcomes) {
    const mine = gaps.filter((gap) => gap.scenario === scenario);
    const left = failures.filter(({ check }) => !mine.some((gap) => covers(gap, check)));
    if (left.length > 0) unexpected.push({ scenario, failures: left });
    else if (failures.length > 0) explained.push({ scenario, gaps: mine });
    else if (passedChecks === 0) skipped.push(scenario);
    else passed.push(scenario);
  }
  return { passed, skipped, explained, unexpected, stale: gaps.filter((gap) => !isNeeded(gap, result.outcomes)) };
}

function covers(gap: Gap, check: string): boolean {
  return gap.check === undefined || gap.check === check;
}

function isNeeded(gap: Gap, outcomes: readonly Outcome[]): boolean {
  return outcomes.some(
    ({ scenario, failures }) => scenario === gap.scenario && failures.some(({ check }) => covers(gap, check)),
  );
}
