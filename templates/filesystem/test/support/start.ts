import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

export interface StartOptions {
  /** In place of server.config.json. */
  readonly config: Record<string, unknown>;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the configuration, the audit log and the state are kept. Default: a new one. */
  readonly folder?: string;
}

/** Why the server does not start, and its exit code. In this process: it ends before anything is served. */
export async function failedStart(t: TestContext, options: StartOptions): Promise<{ code: number; message: string }> {
  const { exitCodeOf, main } = await import("../../src/main.ts");
  const folder = options.folder ?? tempFolder(t);
  try {
    await main(flagsOf(folder, options), envOf(folder, options));
  } catch (error) {
    return { code: exitCodeOf(error), message: String(error) };
  }
  // It serves now, on the input of this process, which would not end.
  setTimeout(() => process.exit(1), 1000).unref();
  throw new Error("The server has started.");
}

/** A folder for one test. */
export function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "my-server-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes the configuration, and names it. */
export function flagsOf(folder: string, { config, flags = [] }: StartOptions): readonly string[] {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return ["--config", file, ...flags];
}

/** What a server sees of this process's environment. */
export const envOf = (folder: string, { environment }: StartOptions) => {
  return { PATH: process.env["PATH"] ?? "", XDG_STATE_HOME: folder, ...environment };
};
