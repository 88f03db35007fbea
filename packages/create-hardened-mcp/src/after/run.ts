import { spawn } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";

/** How a program ended, with what it answered where that was wanted; or why it never ran. */
export type Ending =
  | { readonly code: number; readonly by?: NodeJS.Signals; readonly answer: string }
  | { readonly missing: string };

/** How long a program may tidy up after it was told to end. */
const GRACE_MS = 5_000;
/** How long the kernel may take for what was killed. */
const BURIAL_MS = 1_000;
const LOOK_MS = 10;

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** `shown` is on standard error: standard output is for our own answer. */
  readonly output: "shown" | "ignored" | "kept";
}

/**
 * Runs a program in a folder.
 *
 * @throws why `signal` was aborted, after the program and all that it started have ended
 */
export async function run(
  [command, ...args]: readonly [string, ...string[]],
  { cwd, env, signal, output }: RunOptions,
): Promise<Ending> {
  signal.throwIfAborted();
  const isWindows = process.platform === "win32";
  const shown = output === "shown" ? 2 : "ignore";
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ["ignore", output === "kept" ? "pipe" : shown, shown],
    // There npm is a script of the shell; the words are ours, and none needs quoting.
    shell: isWindows,
    // A group of its own: what package managers start in turn must end with them.
    detached: !isWindows,
  });
  let answer = "";
  child.stdout?.on("data", (data) => {
    answer += data;
  });
  const tell = (what: NodeJS.Signals | 0) => isTold(isWindows ? child.pid : -(child.pid ?? 0), what);
  const onAbort = () => {
    // What was only asked a question has nothing to tidy up.
    tell(output === "kept" ? "SIGKILL" : "SIGTERM");
    setTimeout(() => tell("SIGKILL"), GRACE_MS).unref();
  };
  signal.addEventListener("abort", onAbort);
  const ending = await new Promise<Ending>((resolve) => {
    child.on("error", (error) => resolve({ missing: (error as NodeJS.ErrnoException).code ?? error.message }));
    child.on("close", (code, by) => resolve({ code: code ?? 1, ...(by === null ? {} : { by }), answer }));
  });
  signal.removeEventListener("abort", onAbort);
  if (signal.aborted) await bury(tell);
  signal.throwIfAborted();
  return ending;
}

/** @returns whether there is somebody of that number; of a negative one, in that group */
function isTold(pid: number | undefined, what: NodeJS.Signals | 0): boolean {
  // 0 would be our own group.
  if (!pid) return false;
  try {
    return process.kill(pid, what);
  } catch {
    return false;
  }
}

/** What the program started may outlive it for a moment, and write into what is then removed. */
async function bury(tell: (what: NodeJS.Signals | 0) => boolean): Promise<void> {
  tell("SIGKILL");
  const until = performance.now() + BURIAL_MS;
  while (tell(0) && performance.now() < until) await after(LOOK_MS);
}
