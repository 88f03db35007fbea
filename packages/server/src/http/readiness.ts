import { runWithDeadline } from "@hardened-mcp/limits";
import type { Dependency } from "../options.ts";

/** Milliseconds a dependency has to say that it is there. */
const ANSWER_MS = 2_000;
/** Milliseconds an answer is good for: a probe that comes often must not become load. */
const FRESH_MS = 1_000;

/** Tells which of a server's dependencies are away. */
export interface Readiness {
  /** Their names; empty: all are there. Never rejects. */
  away(): Promise<readonly string[]>;
}

export function createReadiness(dependencies: readonly Dependency[], now = () => performance.now()): Readiness {
  let last: { readonly at: number; readonly answer: Promise<readonly string[]> } | undefined;
  return {
    away() {
      if (last === undefined || now() - last.at > FRESH_MS) last = { at: now(), answer: askAll(dependencies) };
      return last.answer;
    },
  };
}

async function askAll(dependencies: readonly Dependency[]): Promise<readonly string[]> {
  const there = await Promise.all(dependencies.map(isThere));
  return dependencies.filter((_, at) => there[at] !== true).map(({ name }) => name);
}

/** Only a plain `true` in time is a yes. */
async function isThere(dependency: Dependency): Promise<boolean> {
  try {
    return (await runWithDeadline(async () => await dependency.isUp(), { ms: ANSWER_MS })) === true;
  } catch {
    return false;
  }
}
