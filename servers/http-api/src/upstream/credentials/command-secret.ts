import { execFile } from "node:child_process";
import type { SecretSource } from "../../config/credential-schema.ts";
import { createKeeper } from "./keeper.ts";
import { isUsable, type Secret, type SecretContext, unusable } from "./secret.ts";

const MAX_BYTES = 64 * 1024;

type CommandSource = Extract<SecretSource, { readonly command: readonly string[] }>;

/**
 * What a program prints, such as one that asks a vault. No shell, and of this process's environment only `PATH` and
 * `HOME`: the rest may hold secrets of others. It is killed when it takes or prints too much; what it writes to standard
 * error is not logged, for many print there what they were asked for.
 */
export function openCommandSecret({ command, keepMs, timeoutMs }: CommandSource, context: SecretContext): Secret {
  const [program = "", ...args] = command;
  const keeper = createKeeper(1);

  function run(): Promise<{ readonly value: string; readonly expiresAt: number }> {
    const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
    const options = {
      env,
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: MAX_BYTES,
      windowsHide: true,
    } as const;
    return new Promise((resolve, reject) => {
      const child = execFile(program, args, options, (error, stdout) => {
        const value = stdout.replace(/\r?\n$/, "");
        if (error !== null) return reject(unusable(context, `${context.what}: the command ${reasonOf(error)}.`));
        if (!isUsable(value)) return reject(unusable(context, `${context.what}: the command did not print one line.`));
        resolve({ value, expiresAt: Date.now() + keepMs });
      });
      // It may ask for input, and would wait for it until its time is up.
      child.stdin?.end();
    });
  }

  return {
    value: (signal) => keeper.value("", run, signal),
    refused: (value) => keeper.refused("", value),
    values: () => keeper.values(),
  };
}

function reasonOf(error: Error & { readonly code?: unknown; readonly killed?: boolean }): string {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `printed more than ${MAX_BYTES} bytes, and was killed`;
  if (error.killed === true) return "took too long, and was killed";
  if (typeof error.code === "number") return `ended with exit code ${error.code}`;
  return error.code === "ENOENT" ? "does not exist" : "could not be run";
}
