import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** Makes a repository with the branch `main`, and commits nothing. @returns what became of it, for people */
export async function initGit(dir: string, environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  if (existsSync(join(dir, ".git"))) return "kept: there is a .git";
  // Of a hook or an alias that we run in: they would name another repository.
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("GIT_")));
  const git = (...args: string[]) => run(["git", ...args], { cwd: dir, env, signal, output: "ignored" });
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if ("missing" in inside) return "skipped: git is not installed";
  if (inside.code === 0) return "skipped: the folder is in a repository already";
  try {
    const steps = [await git("init", "--quiet"), await git("symbolic-ref", "HEAD", "refs/heads/main")];
    if (steps.every((step) => "code" in step && step.code === 0)) return "made, nothing committed";
  } catch (error) {
    rmSync(join(dir, ".git"), { recursive: true, force: true });
    throw error;
  }
  rmSync(join(dir, ".git"), { recursive: true, force: true });
  return "skipped: git init failed";
}
