import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A process that is talked to line by line, and that does not outlive the test. */
export interface Child {
  readonly process: ChildProcess;
  /** What it says next; "undefined" once it says no more. */
  line(): Promise<string>;
  say(line: string): void;
}

/** @param uid as which user, where that is not this one */
export function startChild(command: readonly string[], uid?: number): Child {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    stdio: ["pipe", "pipe", "inherit"],
    ...(uid === undefined ? {} : { uid }),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    line: async () => String((await lines.next()).value),
    say: (line) => void child.stdin.write(`${line}\n`),
  };
}

const UNSHARE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** Starts a command as process 1 of a PID namespace of its own, as a container does; undefined where that is not permitted. */
export const inNamespace: readonly string[] | undefined = [UNSHARE, [...UNSHARE, "--user", "--map-root-user"]].find(
  ([file = "", ...args]) => spawnSync(file, [...args, "true"]).status === 0,
);
