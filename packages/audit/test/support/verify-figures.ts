import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface VerifyFigures {
  readonly status: string;
  readonly records: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Largest resident size of the process, from its start. */
  readonly peakMiB: number;
}

/**
 * Verifies a log of `generateLog` in a process of its own. With a small young generation: otherwise V8 takes up to 100 MiB more
 * for garbage it is in no hurry to collect, and the figure says nothing of the verifier.
 */
export function verifyFigures(dir: string): VerifyFigures {
  const script = join(import.meta.dirname, "../children/verify-figures.ts");
  return JSON.parse(execFileSync(process.execPath, ["--max-semi-space-size=1", script, dir], { encoding: "utf8" }));
}
