import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { NaiveOutcome } from "./outcome.ts";
import type { NaiveRequest } from "./sqlite-child.ts";

/** Where {@link NaiveRequest} is run. */
export interface NaiveSqlite {
  run(request: NaiveRequest): Promise<NaiveOutcome>;
  close(): void;
}

/** @param cwd where files named without a folder land; @param deadlineMs when a statement counts as hanging */
export function naiveSqlite(cwd: string, deadlineMs: number): NaiveSqlite {
  let child: ChildProcess | undefined;
  // The deadline is the statement's: a busy machine may take long to start a process.
  const started = async (): Promise<ChildProcess> => {
    if (child !== undefined) return child;
    child = fork(fileURLToPath(new URL("sqlite-child.ts", import.meta.url)), {
      cwd,
      execArgv: ["--max-old-space-size=512", "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await once(child, "message");
    return child;
  };
  const drop = (): void => {
    child?.kill("SIGKILL");
    child = undefined;
  };
  return {
    async run(request) {
      const running = await started();
      const waiting = new AbortController();
      const timer = new Promise<"hang">((resolve) => {
        const handle = setTimeout(() => resolve("hang"), deadlineMs);
        waiting.signal.addEventListener("abort", () => clearTimeout(handle));
      });
      const options = { signal: waiting.signal };
      const answered = once(running, "message", options).then(([outcome]) => outcome as NaiveOutcome);
      const died = once(running, "exit", options).then(() => "crash" as const);
      for (const promise of [answered, died]) promise.catch(() => {});
      running.send(request);
      const outcome = await Promise.race([answered, died, timer]);
      waiting.abort();
      if (typeof outcome !== "string") return outcome;
      drop();
      return { kind: outcome };
    },
    close: drop,
  };
}
