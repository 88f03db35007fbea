import { asEntry } from "./gap.ts";
import type { Verdict } from "./judge.ts";
import type { Run } from "./runs.ts";
import type { SuiteResult } from "./suite.ts";

/** How many scenarios a run adds to each figure of the closing line. */
export interface Tally {
  readonly passed: number;
  readonly explained: number;
  readonly skipped: number;
  readonly failed: number;
}

/** Prints one line for a run, one for each scenario that did not pass, and counts. */
export function report(run: Run, result: SuiteResult, verdict: Verdict, elapsedMs: number): Tally {
  const { passed, skipped, explained, unexpected, stale } = verdict;
  const passedChecks = result.outcomes.reduce((sum, outcome) => sum + outcome.passedChecks, 0);
  console.log(
    `${run.title}: ${passed.length} of ${result.outcomes.length} scenarios pass (${passedChecks} checks), ` +
      `${explained.length} explained, ${skipped.length} skipped, ${unexpected.length} unexpected, ${stale.length} stale, ${(elapsedMs / 1000).toFixed(1)} s`,
  );
  for (const scenario of skipped) console.log(`  skipped     ${scenario}: nothing in it applies`);
  for (const { scenario, gaps } of explained) {
    const checks = gaps.flatMap(({ check }) => check ?? "every check");
    console.log(`  explained   ${scenario}: ${checks.join(", ")}`);
  }
  for (const { scenario, failures } of unexpected) {
    for (const { check, message } of failures) console.log(`  UNEXPECTED  ${scenario}: ${check}: ${message}`);
  }
  for (const gap of stale)
    console.log(`  STALE       ${asEntry(gap)}: nothing to explain any more; remove it from baseline.ts`);
  const failed = unexpected.length + stale.length;
  // Whatever the suite complains of and we did not see is a fault of our reading, and must not pass.
  const unseen = failed === 0 ? result.complaints : [];
  for (const complaint of unseen) console.log(`  UNEXPECTED  the suite itself disagrees, ${complaint}`);
  return {
    passed: passed.length,
    explained: explained.length,
    skipped: skipped.length,
    failed: failed + unseen.length,
  };
}
