import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ProjectCommand } from "../command-line/project-command.ts";
import { type TestEnd, tempFolder } from "./temp-folder.ts";

// Tests run in the project's folder, and run its source.
export const CLI = "src/cli.ts";
const MAIN = "src/main.ts";

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

/** Starts the server in this process, where a start that fails takes no time. @throws {Error} it has started */
export async function failedStart(t: TestEnd, options: StartOptions): Promise<FailedStart> {
  const { main, exitCodeOf } = (await import(pathToFileURL(resolve(MAIN)).href)) as ProjectCommand;
  const folder = options.folder ?? tempFolder(t);
  try {
    await main(flagsOf(folder, options), environmentOf(folder, options));
  } catch (error) {
    return { code: exitCodeOf(error), message: String(error) };
  }
  // It serves now, on the input of this process, which would not end.
  setTimeout(() => process.exit(1), 1000).unref();
  throw new Error("The server has started.");
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
