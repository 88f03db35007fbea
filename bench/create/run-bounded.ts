import { spawn } from "node:child_process";

/** How a command ended that was given only so much time. */
export interface Ended {
  /** Until its process was gone. */
  readonly ms: number;
  /** `null`: a signal ended it; its time was over, or it broke. */
  readonly code: number | null;
  /** The end of what it printed, both streams. */
  readonly said: string;
}

/** Where and with what a command runs. */
export interface Place {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Some peers ask in spite of everything, and wait. The slowest takes half a minute with an empty cache on a busy machine. */
const LIMIT_MS = 90_000;
const KEPT = 2000;

/**
 * Runs a command with nothing on standard input. It leads a process group, all of which is ended with it: what a scaffolder
 * leaves running would weigh on the next one.
 */
export async function runBounded(command: string, args: readonly string[], place: Place): Promise<Ended> {
  const from = performance.now();
  const child = spawn(command, args, {
    cwd: place.cwd,
    env: place.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = (): void => endGroup(child.pid);
  process.once("exit", end);
  const timer = setTimeout(end, LIMIT_MS);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-KEPT);
    });
  try {
    const [ms, code] = await new Promise<[number, number | null]>((resolve, reject) => {
      child.once("error", reject);
      // Not `close`: a process left behind may hold the streams open.
      child.once("exit", (status) => resolve([performance.now() - from, status]));
    });
    return { ms, code, said };
  } finally {
    clearTimeout(timer);
    process.off("exit", end);
    end();
  }
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // All of them are gone.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
