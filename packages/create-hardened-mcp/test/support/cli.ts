import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export const DIST = join(import.meta.dirname, "../../dist");
export const CLI = join(DIST, "cli.js");
export const TEMPLATES = join(DIST, "templates");

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "create-hardened-mcp-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Instead of the built command itself. */
  readonly command?: readonly [string, ...string[]];
  readonly onStart?: (child: ChildProcess) => void;
}

/** The built command without the rights of root: what a folder's mode says counts for it. */
export const UNPRIVILEGED = [
  ...(process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : ["env"]),
  process.execPath,
  CLI,
] as unknown as readonly [string, ...string[]];

/** The environment of a person with a Node and nothing else. */
export const PLAIN_ENV: NodeJS.ProcessEnv = {
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Runs the built command as a process of its own, with standard input closed. */
export async function cli(args: readonly string[], options: CliOptions): Promise<Ended> {
  const [command, ...before] = options.command ?? [process.execPath, CLI];
  const child = spawn(command, [...before, ...args], {
    cwd: options.cwd,
    env: { ...PLAIN_ENV, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  options.onStart?.(child);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

/** Makes the files and nothing else. */
export const FILES_ONLY = ["--yes", "--no-install", "--no-git"] as const;
