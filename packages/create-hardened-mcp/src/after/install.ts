import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "../options/project.ts";
import { run } from "./run.ts";

type Command = readonly [string, ...string[]];

const COMMANDS: Readonly<Record<Exclude<Project["pm"], "yarn">, Command>> = {
  npm: ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
  // In CI pnpm wants a lockfile that is up to date, and this project has none yet.
  pnpm: ["pnpm", "install", "--ignore-scripts", "--no-frozen-lockfile"],
  bun: ["bun", "install", "--ignore-scripts"],
};

/** How the dependencies are installed, without running code of theirs. */
export function installCommand(pm: Project["pm"], yarnVersion: () => string): Command {
  if (pm !== "yarn") return COMMANDS[pm];
  // The first yarn takes a flag; the later ones read .yarnrc.yml, and in CI want a lockfile that is up to date.
  return yarnVersion().startsWith("1.")
    ? ["yarn", "install", "--ignore-scripts"]
    : ["yarn", "install", "--no-immutable"];
}

/** What became of the installation. */
export interface Installed {
  readonly command: Command;
  /** `undefined`: it was done. */
  readonly failure?: string;
}

/**
 * Installs the dependencies. Where that fails, the files stay.
 *
 * @throws why `signal` was aborted; a half-made `node_modules` is removed then
 */
export async function install(
  { pm, dir }: Project,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Installed> {
  const env = ownEnvironment(environment);
  const command = installCommand(
    pm,
    () => spawnSync("yarn", ["--version"], { cwd: dir, env, encoding: "utf8" }).stdout ?? "",
  );
  const modules = join(dir, "node_modules");
  const isNew = !existsSync(modules);
  try {
    const ending = await run(command, { cwd: dir, env, signal });
    if ("missing" in ending) return { command, failure: `${pm} cannot be started (${ending.missing})` };
    return ending.code === 0 ? { command } : { command, failure: `${pm} ended with exit code ${ending.code}` };
  } catch (error) {
    if (isNew) rmSync(modules, { recursive: true, force: true });
    throw error;
  }
}

/** Where we run in a script of a package manager, that tells its children of the project it runs in. That is another one. */
const OF_ANOTHER_PROJECT =
  /^(?:npm_(?:package|lifecycle)_|npm_(?:command|execpath|node_execpath)$|npm_config_(?:local_prefix|dry_run|json|yes|workspaces?|workspace_dir|recursive|dir|frozen_lockfile|verify_deps_before_run)$|pnpm_|INIT_CWD$|PROJECT_CWD$)/i;

function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !OF_ANOTHER_PROJECT.test(name)));
}
