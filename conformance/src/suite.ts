import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { asEntry, type Gap } from "./gap.ts";
import { INVOCATION_TIMEOUT_MS, type Run } from "./runs.ts";

/** Read leniently: the suite may add fields, but a status we do not know must not pass for a pass. */
const checks = z.array(
  z.object({
    id: z.string(),
    status: z.enum(["SUCCESS", "FAILURE", "WARNING", "SKIPPED", "INFO"]),
    errorMessage: z.string().optional(),
  }),
);

/** One check that did not hold. A warning counts: it is a SHOULD of the specification that is not met. */
export interface Failure {
  readonly check: string;
  readonly message: string;
}

/** What one scenario came to. */
export interface Outcome {
  readonly scenario: string;
  readonly failures: readonly Failure[];
  readonly passedChecks: number;
}

/** All that one run of the suite says. */
export interface SuiteResult {
  readonly outcomes: readonly Outcome[];
  /** Invocations that ended with another exit code than 0 or ran nothing, with the end of what they printed. */
  readonly complaints: readonly string[];
}

/** Runs the suite against `url`, one invocation after the other, with `gaps` as its own baseline file. */
export async function runSuite(run: Run, url: string, gaps: readonly Gap[], folder: string): Promise<SuiteResult> {
  const entry = fileURLToPath(import.meta.resolve(`${run.suite}/dist/index.js`));
  const results = join(folder, "results");
  const baseline = join(folder, "expected-failures.yml");
  await mkdir(results, { recursive: true });
  await writeFile(baseline, baselineFile(run, gaps));
  const announced = new Set<string>();
  const complaints: string[] = [];
  for (const selection of run.selections) {
    const fixed = ["server", "--url", url, "--expected-failures", baseline, "--output-dir", results];
    const { code, output } = await invoke([entry, ...fixed, ...selection]);
    const ran = [...output.matchAll(/^Running client scenario '([^']+)'/gm)].map(([, scenario]) => scenario ?? "");
    for (const scenario of ran) announced.add(scenario);
    // An invocation that ran nothing has shown nothing, whatever its exit code.
    if (code !== 0 || ran.length === 0) {
      const asked = selection.join(" ") || "the default set";
      complaints.push(`exit ${code} of ${asked} after ${ran.length} scenarios:\n${lastLines(output)}`);
    }
  }
  const outcomes = await Promise.all([...announced].map((scenario) => readOutcome(results, scenario)));
  return { outcomes, complaints };
}

/** Release 0.1 knows whole scenarios only; which check of them may fail is then held against `gaps` by us alone. */
function baselineFile(run: Run, gaps: readonly Gap[]): string {
  const entries = new Set(gaps.map((gap) => (run.suite === "conformance-0.1" ? gap.scenario : asEntry(gap))));
  return JSON.stringify({ server: [...entries] });
}

function invoke(args: readonly string[]): Promise<{ readonly code: number | string; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: INVOCATION_TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.on("data", (part: Buffer) => parts.push(part));
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ code: code ?? signal ?? "unknown", output: Buffer.concat(parts).toString() }),
    );
  });
}

/** The suite writes `server-SCENARIO-TIME/checks.json`, and nothing at all when a scenario throws. */
async function readOutcome(results: string, scenario: string): Promise<Outcome> {
  const folders = await readdir(results);
  const mine = folders.find((name) => name.replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "") === `server-${scenario}`);
  const text =
    mine === undefined ? undefined : await readFile(join(results, mine, "checks.json"), "utf8").catch(() => undefined);
  if (text === undefined) {
    return {
      scenario,
      failures: [{ check: scenario, message: "The scenario did not come to an end." }],
      passedChecks: 0,
    };
  }
  const found = checks.parse(JSON.parse(text));
  return {
    scenario,
    failures: found
      .filter(({ status }) => status === "FAILURE" || status === "WARNING")
      .map(({ id, status, errorMessage }) => ({ check: id, message: errorMessage ?? status.toLowerCase() })),
    passedChecks: found.filter(({ status }) => status === "SUCCESS").length,
  };
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-8).join("\n");
}
