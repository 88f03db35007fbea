import { spawn } from "node:child_process";
import { join } from "node:path";

/** The built command, as it is installed. */
export const CLI = join(import.meta.dirname, "../../dist/cli.js");

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Options of {@link cli}. */
export interface CliOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Arguments of Node itself. */
  readonly node?: readonly string[];
}

/** Runs the built command as a process of its own. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<Ran> {
  const { input = "", cwd, env = process.env, node = [] } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, CLI, ...args], { cwd, env });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    // A command that refuses before it reads closes the pipe.
    child.stdin.on("error", () => undefined);
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
    child.stdin.end(input);
  });
}

/** Text that takes over a terminal: clears it, sets its title, turns the direction of writing, ends the line. */
export const HOSTILE = "x\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\u2028\r\nintact: all is well\u007f";

/** What may reach a terminal. */
export const HARMLESS = /^[\n\x20-\x7e]*$/;
