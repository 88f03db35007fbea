import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gapsOf } from "./baseline.ts";
import { startFixture } from "./fixture/start.ts";
import { judge } from "./judge.ts";
import { baselineForReaders, readmeAgrees } from "./readme.ts";
import { report, type Tally } from "./report.ts";
import { RUNS, type Run } from "./runs.ts";
import { startDatabase, startFilesystem, startHttpApi } from "./servers.ts";
import { runSuite } from "./suite.ts";

const ONE_FAILED: Tally = { passed: 0, explained: 0, skipped: 0, failed: 1 };
const START = { fixture: startFixture, filesystem: startFilesystem, database: startDatabase, "http-api": startHttpApi };

/** One run against a server of its own, which is stopped whatever comes. */
async function perform(run: Run, folder: string): Promise<Tally> {
  const startedAt = performance.now();
  const target = await START[run.target](join(folder, "server"));
  try {
    const gaps = gapsOf(run.id);
    const result = await runSuite(run, target.url, gaps, join(folder, "suite"));
    return report(run, result, judge(result, gaps), performance.now() - startedAt);
  } finally {
    await target.stop();
  }
}

async function performAll(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const run of RUNS) {
    const folder = await mkdtemp(join(tmpdir(), "hardened-mcp-conformance-"));
    try {
      tallies.push(await perform(run, folder));
    } catch (error) {
      // A run that could not be made is a failure of its own; the others still tell something.
      console.log(`${run.title}: could not be made`, error);
      tallies.push(ONE_FAILED);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return tallies;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const tallies = [...(await performAll())];
if (!(await readmeAgrees())) {
  console.log(`README.md does not show the baseline as it is. It should say:\n${baselineForReaders()}`);
  tallies.push(ONE_FAILED);
}
const total = (key: keyof Tally): number => tallies.reduce((sum, tally) => sum + tally[key], 0);
console.log(`${total("explained")} explained by the baseline, ${total("skipped")} skipped by the suite`);
console.log(`${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") === 0 ? 0 : 1;
