import type { Project } from "../options/project.ts";
import { ownEnvironment } from "./own-environment.ts";
import { type Ending, type RunOptions, run } from "./run.ts";
import { inWorkspace, whatIsMissing } from "./usable.ts";

export type Command = readonly [string, ...string[]];

const COMMANDS: Readonly<Record<Exclude<Project["pm"], "yarn">, Command>> = {
  // Its settings may leave out what builds and tests are made of.
  npm: ["npm", "install", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"],
  // In CI pnpm wants a lockfile that is up to date, and this project has none yet.
  pnpm: ["pnpm", "install", "--ignore-scripts", "--no-frozen-lockfile"],
  bun: ["bun", "install", "--ignore-scripts"],
};

/** How the dependencies are installed, without running code of theirs. */
export function installCommand(pm: Project["pm"], yarnVersion: string): Command {
  if (pm !== "yarn") return COMMANDS[pm];
  // The first yarn takes a flag; the later ones read .yarnrc.yml, and in CI want a lockfile that is up to date.
  return yarnVersion.startsWith("1.")
    ? ["yarn", "install", "--ignore-scripts", "--production=false"]
    : ["yarn", "install", "--no-immutable"];
}

/** What became of the installation. */
export interface Installed {
  readonly command: Command;
  /** `undefined`: it was done. */
  readonly failure?: string;
}

/** Installs the dependencies. @throws why `signal` was aborted */
export async function install(
  { pm, dir }: Project,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Installed> {
  const options: Omit<RunOptions, "output"> = { cwd: dir, env: ownEnvironment(environment), signal };
  // One that is fetched when it is first asked for can take its time, too.
  const asked = pm === "yarn" ? await run(["yarn", "--version"], { ...options, output: "kept" }) : { answer: "" };
  const command = installCommand(pm, "answer" in asked ? asked.answer : "");
  const failure = failureOf(pm, await run(command, { ...options, output: "shown" })) ?? whatIsMissing(pm, dir);
  return { command, ...(failure === undefined ? {} : { failure: failure + inWorkspace(dir) }) };
}

function failureOf(pm: string, ending: Ending): string | undefined {
  if ("missing" in ending) return `${pm} cannot be started (${ending.missing})`;
  if (ending.by !== undefined) return `${pm} was ended by ${ending.by}`;
  return ending.code === 0 ? undefined : `${pm} ended with exit code ${ending.code}`;
}
