import { type ChildProcess, spawn } from "node:child_process";

export interface CommandLimits {
  readonly timeoutMs: number;
  /** Of what it prints. */
  readonly maxBytes: number;
}

/** Why there is nothing that a command printed. Its message goes on after "the command". */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/**
 * What a program prints until it ends. No shell, nothing to read, and of this process's environment only `PATH` and `HOME`: the rest may
 * hold secrets of others. What it writes to standard error is thrown away, for many print there what they were asked for.
 *
 * One that takes or prints too much is killed with everything it started, since what a vault's helper left behind would go on with its
 * secrets; it has a process group of its own for that.
 *
 * @throws {CommandError} it does not exist, fails, or takes or prints too much
 */
export function runCommand(command: readonly string[], { timeoutMs, maxBytes }: CommandLimits): Promise<string> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;

    function settle(failure: string | undefined): void {
      clearTimeout(timer);
      if (failure === undefined) resolve(Buffer.concat(chunks).toString());
      else reject(new CommandError(failure));
    }
    function stop(failure: string | undefined): void {
      killGroup(child);
      // What left the group may hold the pipe open; nobody waits for it.
      child.stdout.destroy();
      settle(failure);
    }
    const timer = setTimeout(
      // One that has ended well has printed it all: what holds the pipe is a helper that it left behind.
      () => stop(child.exitCode === 0 ? undefined : "took too long, and was killed"),
      timeoutMs,
    );

    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) stop(`printed more than ${maxBytes} bytes, and was killed`);
      else chunks.push(chunk);
    });
    child.once("error", ({ code }: NodeJS.ErrnoException) =>
      settle(code === "ENOENT" ? "does not exist" : "could not be run"),
    );
    child.once("close", (code) => {
      if (code === null) settle("was killed");
      else settle(code === 0 ? undefined : `ended with exit code ${code}`);
    });
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Where there are no groups, or no one is left in it.
    child.kill("SIGKILL");
  }
}
