import { resolve } from "node:path";
import { intro, isCancel, select, text } from "@clack/prompts";
import { CHOICES, type ChoiceName, valuesOf } from "../options/choices.ts";
import type { Flags } from "../options/flags.ts";
import { FALLBACK } from "../options/name.ts";
import { nextQuestion, requirePossible } from "../options/possible.ts";
import { PLACEHOLDERS } from "../options/project.ts";
import { defaultsFor, resolveProject } from "../options/resolve.ts";
import { visible } from "../say/visible.ts";
import { inspectTarget } from "../write/target.ts";
import { cancelled, untilAnswered } from "./until.ts";

interface Asking {
  readonly environment: NodeJS.ProcessEnv;
  /** Ends every prompt, with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Asks for what the command line does not say.
 *
 * @throws {UsageError} {Stop} before the first question: whatever is answered, it would be refused
 * @throws {Stop} exit code 130: cancelled; or why `interrupted` was aborted. Nothing was written
 */
export function ask(flags: Flags, environment: NodeJS.ProcessEnv, interrupted: AbortSignal): Promise<Flags> {
  requirePossible(flags, environment);
  if (flags.dir !== undefined) inspectTarget(resolve(flags.dir), flags.overwrite === true);
  requireWidth();
  return untilAnswered(interrupted, (signal) => askAll(flags, { environment, signal }));
}

async function askAll(flags: Flags, asking: Asking): Promise<Flags> {
  intro("A hardened MCP server");
  let answers = { ...flags, ...(flags.dir === undefined ? { dir: await askFolder(flags, asking) } : {}) };
  for (let name = nextQuestion(answers); name !== undefined; name = nextQuestion(answers))
    answers = { ...answers, [name]: await askChoice(name, answers, asking) };
  const hasTokens = answers.auth === "jwt" || answers.auth === "oauth";
  return hasTokens && answers.issuer === undefined ? { ...answers, issuer: await askIssuer(answers, asking) } : answers;
}

/** A terminal that was told no size, as in some containers: every letter would have a line of its own. */
function requireWidth(): void {
  process.stdout.columns ||= 80;
  process.stdout.rows ||= 24;
}

async function askFolder(flags: Flags, { environment, signal }: Asking): Promise<string> {
  return answered(
    signal,
    await text({
      signal,
      message: "Which folder?",
      placeholder: FALLBACK,
      defaultValue: FALLBACK,
      validate: (dir) =>
        whyNot(() => {
          const project = resolveProject(
            { dir: dir || FALLBACK, ...(flags.name === undefined ? {} : { name: flags.name }) },
            environment,
          );
          inspectTarget(project.dir, flags.overwrite === true);
        }),
    }),
  );
}

/** What would be refused is not offered. */
async function askChoice(name: ChoiceName, flags: Flags, { environment, signal }: Asking): Promise<string> {
  const offered = valuesOf(name).filter(
    (value) => whyNot(() => requirePossible({ ...flags, [name]: value }, environment)) === undefined,
  );
  const options = offered.map((value) => ({
    value,
    label: value,
    hint: (CHOICES[name].values as Readonly<Record<string, string>>)[value] ?? "",
  }));
  const initialValue = defaultsFor(flags, environment)[name];
  return answered(signal, await select({ signal, message: CHOICES[name].question, options, initialValue }));
}

async function askIssuer(flags: Flags, { environment, signal }: Asking): Promise<string> {
  return answered(
    signal,
    await text({
      signal,
      message: "Which authorization server? (https; it can be set later)",
      placeholder: PLACEHOLDERS.issuer,
      defaultValue: PLACEHOLDERS.issuer,
      validate: (issuer) =>
        whyNot(() => resolveProject({ ...flags, issuer: issuer || PLACEHOLDERS.issuer }, environment)),
    }),
  );
}

function whyNot(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return visible((error as Error).message);
  }
}

function answered(signal: AbortSignal, answer: string | symbol): string {
  if (!isCancel(answer)) return answer as string;
  throw signal.aborted ? signal.reason : cancelled();
}
