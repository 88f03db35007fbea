import type { CorpusStatement } from "../corpus/statement.ts";
import { postgresStand } from "../support/oracle/postgres-stand.ts";
import { TINY } from "../support/sample/tables.ts";
import { POSTGRES } from "./dialect.ts";
import type { FuzzReport } from "./report.ts";
import { trials } from "./statements.ts";

const MOST_FAULTS = 50;
const TIMEOUT_MS = 250;

/**
 * Tries `count` statements from `seed` on. There is no neighbour here: an error is told from a leak by the twin alone, which raises the
 * same error when the value is not hidden; where an engine evaluates in another order, only rows are compared.
 */
export async function fuzzPostgres(
  corpus: readonly CorpusStatement[],
  seed: number,
  count: number,
): Promise<FuzzReport> {
  const stand = await postgresStand({ size: TINY, timeoutMs: TIMEOUT_MS });
  const ends: Record<string, number> = {};
  const faults: string[] = [];
  let [tried, compared, harmless] = [0, 0, 0];
  try {
    const before = await stand.state();
    const start = performance.now();
    for (const trial of trials(POSTGRES, corpus, seed, count)) {
      const statement = { name: String(trial.seed), sql: trial.sql };
      const answer = await stand.ask(statement, 1);
      const end = answer.kind === "refused" ? answer.code : answer.kind;
      ends[end] = (ends[end] ?? 0) + 1;
      if (answer.kind === "rows") compared++;
      tried++;
      const held = answer.kind === "rows" && !trial.exact ? { ...answer, whole: false } : answer;
      const fault = await stand.fault(statement, held);
      if (fault === "fails on a value that is hidden") harmless++;
      else if (fault !== undefined) faults.push(`seed ${trial.seed}: ${fault}\n    ${trial.sql}`);
      if (faults.length >= MOST_FAULTS) break;
    }
    const perSecond = Math.round(tried / ((performance.now() - start) / 1000));
    if ((await stand.state()) !== before) faults.push("the database or a file is not what it was");
    return { tried, ends, compared, askedTwice: 0, harmless, faults, perSecond };
  } finally {
    await stand.close();
  }
}
