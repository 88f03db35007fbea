import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./workspace.ts";

/**
 * Runs pnpm in `cwd` and gives its standard output. It is the pnpm that runs this script; where there is none, npm fetches
 * that of this workspace.
 *
 * @throws {Error} with what pnpm said, when it failed
 */
export function pnpm(args: readonly string[], { cwd = ROOT, env = process.env } = {}): string {
  const [command, ...before] = pnpmCommand();
  const { status, stdout, stderr, error } = spawnSync(command, [...before, ...args], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`pnpm ${args[0]} failed: ${error?.message ?? `${stdout}${stderr}`}`);
  }
  return stdout;
}

/** pnpm's own entry is a script of Node's or, from version 12 on, a program. */
function pnpmCommand(): readonly [command: string, ...args: string[]] {
  const { npm_execpath: own = "" } = process.env;
  if (!/pnpm[^/\\]*$/.test(own)) {
    // The exact one of `packageManager`: it builds and packs what is released.
    return ["npx", "-y", JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).packageManager];
  }
  return /\.[cm]?js$/.test(own) ? [process.execPath, own] : [own];
}
