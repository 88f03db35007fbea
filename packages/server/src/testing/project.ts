import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestEnd, tempFolder } from "./temp-folder.ts";

// Tests run in the project's folder, and run its source.
export const CLI = "src/cli.ts";
/** Milliseconds after which a start counts as one that has not failed. */
const START_MS = 30_000;

/** How a project's server is started. */
export interface StartOptions {
  /** In place of server.config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the configuration, the audit log and the state are kept. Default: a new one. */
  readonly folder?: string;
}

/** Why a server does not start, and its exit code. */
export interface FailedStart {
  readonly code: number;
  readonly message: string;
}

/** Starts the server as a process of its own, which is to end by itself. @throws {Error} it has started */
export function failedStart(t: TestEnd, options: StartOptions): Promise<FailedStart> {
  const folder = options.folder ?? tempFolder(t);
  const args = [CLI, ...flagsOf(folder, options)];
  return new Promise((resolve, reject) => {
    const settings = { env: environmentOf(folder, options), timeout: START_MS };
    const child = execFile(process.execPath, args, settings, (error, _stdout, stderr) => {
      if (typeof error?.code === "number") resolve({ code: error.code, message: stderr });
      else reject(new Error("The server has started.", { cause: error }));
    });
    // One that serves on standard input ends with it.
    child.stdin?.end();
  });
}

/** The JSON Schema of the configuration, as the command prints it. */
export function printedSchema(): unknown {
  return JSON.parse(execFileSync(process.execPath, [CLI, "--print-config-schema"], { encoding: "utf8" }));
}

/** Writes the configuration, and names it. */
export function flagsOf(folder: string, { config, flags = [] }: StartOptions): readonly string[] {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return ["--config", file, ...flags];
}

/** What a server sees of this process's environment: nothing that would set one of its keys. */
export function environmentOf(folder: string, { environment }: StartOptions): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", XDG_STATE_HOME: folder, ...environment };
}
