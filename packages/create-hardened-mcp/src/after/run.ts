import { spawn } from "node:child_process";

/** How a program ended: its exit code, or why it never ran. */
export type Ending = { readonly code: number } | { readonly missing: string };

/** How long a program may tidy up after it was told to end. */
const GRACE_MS = 5_000;

/**
 * Runs a program in a folder. What it prints goes to standard error: standard output is for our own answer.
 *
 * @throws why `signal` was aborted, after the program and all that it started have ended
 */
export async function run(
  [command, ...args]: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    readonly quiet?: true;
  },
): Promise<Ending> {
  const { cwd, env, signal, quiet } = options;
  signal.throwIfAborted();
  const isWindows = process.platform === "win32";
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ["ignore", quiet ? "ignore" : 2, quiet ? "ignore" : 2],
    // There npm is a script of the shell; the words are ours, and none needs quoting.
    shell: isWindows,
    // A group of its own: what package managers start in turn must end with them.
    detached: !isWindows,
  });
  const end = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(isWindows ? child.pid : -child.pid, name);
    } catch {
      return;
    }
  };
  const onAbort = () => {
    end("SIGTERM");
    setTimeout(() => end("SIGKILL"), GRACE_MS).unref();
  };
  signal.addEventListener("abort", onAbort);
  const ending = await new Promise<Ending>((resolve) => {
    child.on("error", (error) => resolve({ missing: (error as NodeJS.ErrnoException).code ?? error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1 }));
  });
  signal.removeEventListener("abort", onAbort);
  if (signal.aborted) end("SIGKILL");
  signal.throwIfAborted();
  return ending;
}
