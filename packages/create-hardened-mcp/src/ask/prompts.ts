import { intro, isCancel, select, text } from "@clack/prompts";
import { CHOICES, type ChoiceName, valuesOf } from "../options/choices.ts";
import type { Flags } from "../options/flags.ts";
import { FALLBACK } from "../options/name.ts";
import { PLACEHOLDERS } from "../options/project.ts";
import { defaultsFor, resolveProject } from "../options/resolve.ts";
import { visible } from "../say/visible.ts";
import { EXIT, Stop } from "../stop.ts";
import { inspectTarget } from "../write/target.ts";

/** What is asked, in order, and when. Each has a default: pressing Enter all the way makes a project. */
const QUESTIONS: readonly (readonly [name: ChoiceName, when: (flags: Flags) => boolean])[] = [
  ["template", () => true],
  ["transport", () => true],
  ["auth", ({ transport }) => transport !== "stdio"],
  ["state", () => true],
];

/**
 * Asks for what the command line does not say.
 *
 * @throws {Stop} exit code 130: cancelled; nothing was written
 */
export async function ask(flags: Flags, environment: NodeJS.ProcessEnv): Promise<Flags> {
  intro("A hardened MCP server");
  let answers = { ...flags, ...(flags.dir === undefined ? { dir: await askFolder(flags, environment) } : {}) };
  for (const [name, when] of QUESTIONS) {
    if (answers[name] === undefined && when(answers)) {
      answers = { ...answers, [name]: await askChoice(name, answers, environment) };
    }
  }
  const hasTokens = answers.auth === "jwt" || answers.auth === "oauth";
  return hasTokens && answers.issuer === undefined
    ? { ...answers, issuer: await askIssuer(answers, environment) }
    : answers;
}

async function askFolder(flags: Flags, environment: NodeJS.ProcessEnv): Promise<string> {
  return answered(
    await text({
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
async function askChoice(name: ChoiceName, flags: Flags, environment: NodeJS.ProcessEnv): Promise<string> {
  const offered = valuesOf(name).filter(
    (value) => whyNot(() => resolveProject({ ...flags, [name]: value }, environment)) === undefined,
  );
  const options = (offered.length === 0 ? valuesOf(name) : offered).map((value) => ({
    value,
    label: value,
    hint: (CHOICES[name].values as Readonly<Record<string, string>>)[value] ?? "",
  }));
  return answered(
    await select({ message: CHOICES[name].question, options, initialValue: defaultsFor(flags, environment)[name] }),
  );
}

async function askIssuer(flags: Flags, environment: NodeJS.ProcessEnv): Promise<string> {
  return answered(
    await text({
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

function answered(answer: string | symbol): string {
  if (isCancel(answer)) throw new Stop(EXIT.cancelled, "Cancelled. Nothing was written.");
  return answer as string;
}
