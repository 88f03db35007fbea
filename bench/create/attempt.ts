import { type Dirent, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Ended, runBounded } from "./run-bounded.ts";
import { PROJECT, type Target } from "./targets.ts";

/** Where attempts are made. */
export interface Ground {
  /** Nobody else's. */
  readonly root: string;
  /** Of a user's machine; what npm's cache is comes on top. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What came of one command. */
export interface Attempt extends Ended {
  /** In the project's folder, without what git and an installation put there. */
  readonly files: number;
}

/** The whole way: npm resolves, fetches what `cache` lacks, and runs the scaffolder. */
export function throughNpm(target: Target, cache: string, ground: Ground): Promise<Attempt> {
  return attempt("npm", target.npm, cache, ground);
}

/** The scaffolder alone, as npm installed it into `cache`. */
export function withoutNpm(target: Target, cache: string, ground: Ground): Promise<Attempt> {
  const [name, ...args] = target.program;
  const [installed = ""] = readdirSync(join(cache, "_npx"));
  const program = realpathSync(join(cache, "_npx", installed, "node_modules", ".bin", name));
  return attempt(process.execPath, [program, ...args], cache, ground);
}

async function attempt(command: string, args: readonly string[], cache: string, ground: Ground): Promise<Attempt> {
  mkdirSync(ground.root, { recursive: true });
  const cwd = mkdtempSync(join(ground.root, "run-"));
  try {
    const environment = { ...ground.environment, npm_config_cache: cache };
    const ended = await runBounded(command, args, { cwd, environment });
    return { ...ended, files: countFiles(join(cwd, PROJECT)) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function countFiles(folder: string): number {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  return entries
    .filter(({ name }) => name !== ".git" && name !== "node_modules")
    .reduce((sum, entry) => sum + (entry.isDirectory() ? countFiles(join(folder, entry.name)) : 1), 0);
}
