import type { RunId } from "./runs.ts";

/** One thing the suite asks for and does not get. */
export interface Gap {
  readonly scenario: string;
  /** Only this check of the scenario may fail. Left out: the whole scenario. */
  readonly check?: string;
  readonly runs: readonly RunId[];
}

/** Why some things are missing, and what was decided about them. */
export interface Explanation {
  readonly feature: string;
  /** `decided`: stays so. `planned`: comes with a later package. `defect`: ours to put right. `untestable`: needs a fixture's tool. */
  readonly standing: "decided" | "planned" | "defect" | "untestable";
  readonly reason: string;
  readonly decision: string;
  readonly gaps: readonly Gap[];
}

/** Scenario to the checks of it that may fail. None named: all of them. */
type Missing = Readonly<Record<string, readonly string[]>>;

/** The gaps of some runs. */
export const gaps = (runs: readonly RunId[], missing: Missing): readonly Gap[] =>
  Object.entries(missing).flatMap(([scenario, checks]) =>
    checks.length === 0 ? [{ scenario, runs }] : checks.map((check) => ({ scenario, check, runs })),
  );

/** An entry as people and release 0.2 of the suite write it; release 0.1 knows whole scenarios only. */
export function asEntry({ scenario, check }: Gap): string {
  return check === undefined ? scenario : `${scenario}:${check}`;
}
