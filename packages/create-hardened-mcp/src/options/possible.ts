import { type ChoiceName, valuesOf } from "./choices.ts";
import type { Flags } from "./flags.ts";
import { resolveProject } from "./resolve.ts";

/** What is asked, in order, and when. Each has a default: pressing Enter all the way makes a project. */
const QUESTIONS: readonly (readonly [name: ChoiceName, when: (flags: Flags) => boolean])[] = [
  ["template", () => true],
  ["transport", () => true],
  ["auth", ({ transport }) => transport !== "stdio"],
  ["state", () => true],
];

/** The next choice that is to be asked for; `undefined`: all are made. */
export function nextQuestion(flags: Flags): ChoiceName | undefined {
  return QUESTIONS.find(([name, when]) => flags[name] === undefined && when(flags))?.[0];
}

/**
 * Nobody is asked what no answer can make good, nor offered an answer that leads there.
 *
 * @throws {UsageError} whatever is answered to the questions that are left, it would be refused
 */
export function requirePossible(flags: Flags, environment: NodeJS.ProcessEnv): void {
  const name = nextQuestion(flags);
  if (name === undefined) {
    resolveProject(flags, environment);
    return;
  }
  let why: unknown;
  for (const value of valuesOf(name)) {
    try {
      requirePossible({ ...flags, [name]: value }, environment);
      return;
    } catch (error) {
      why = error;
    }
  }
  throw why;
}
