import type { Project } from "../options/project.ts";
import { type Ending, type RunOptions, run } from "./run.ts";

export type Command = readonly [string, ...string[]];

const COMMANDS: Readonly<Record<Exclude<Project["pm"], "yarn">, Command>> = {
  npm: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
  // In CI pnpm wants a lockfile that is up to date, and this project has none yet.
  pnpm: ["pnpm", "install", "--ignore-scripts", "--no-frozen-lockfile"],
  bun: ["bun", "install", "--ignore-scripts"],
};

/** How the dependencies are installed, without running code of theirs. */
export function installCommand(pm: Project["pm"], yarnVersion: string): Command {
  if (pm !== "yarn") return COMMANDS[pm];
  // The first yarn takes a flag; the later ones read .yarnrc.yml, and in CI want a lockfile that is up to date.
  return yarnVersion.startsWith("1.") ? ["yarn", "install", "--ignore-scripts"] : ["yarn", "install", "--no-immutable"];
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
  const failure = failureOf(pm, await run(command, { ...options, output: "shown" }));
  return { command, ...(failure === undefined ? {} : { failure }) };
}

function failureOf(pm: string, ending: Ending): string | undefined {
  if ("missing" in ending) return `${pm} cannot be started (${ending.missing})`;
  if (ending.by !== undefined) return `${pm} was ended by ${ending.by}`;
  return ending.code === 0 ? undefined : `${pm} ended with exit code ${ending.code}`;
}

/** Where we run in a script of a package manager, that tells its children of the project it runs in. That is another one. */
const OF_ANOTHER_PROJECT =
  /^(?:npm_(?:package|lifecycle)_|npm_(?:command|execpath|node_execpath)$|npm_config_(?:local_prefix|dry_run|json|yes|workspaces?|workspace_dir|recursive|dir|frozen_lockfile|verify_deps_before_run)$|pnpm_|INIT_CWD$|PROJECT_CWD$)/i;

function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !OF_ANOTHER_PROJECT.test(name)));
}
