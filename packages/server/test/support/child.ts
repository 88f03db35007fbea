import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = (name: string): string => fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url));

export interface Child extends AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams;
  /** The folder of its audit log. */
  readonly dir: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first line of the stream that `matches`. */
  line(stream: "stdout" | "stderr", matches: (line: string) => boolean): Promise<string>;
  exited(): Promise<number | null>;
  /** The records of its audit log, all of them complete lines. */
  records(): { type: string; ref: string; outcome?: { code: string } }[];
}

/** Starts a server as a process of its own, with a real audit log. */
export function startChild(mode: "stdio" | "http", name: "noisy-server" | "busy-server" = "noisy-server"): Child {
  const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-"));
  const child = spawn(process.execPath, [script(name), dir, mode], { stdio: ["pipe", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  const told = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      text[name] += chunk.toString("utf8");
      for (const tell of [...told]) tell();
    });
  }
  const closed = once(child, "close");
  return {
    process: child,
    dir,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    line: (stream, matches) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = text[stream].split("\n").slice(0, -1).find(matches);
          if (found === undefined) return;
          told.delete(look);
          resolve(found);
        };
        told.add(look);
        look();
        closed.then(() => reject(new Error(`the child ended: ${text.stderr}`)));
      }),
    exited: async () => ((await closed) as [number | null])[0],
    records: () =>
      readdirSync(dir, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".jsonl"))
        .sort()
        .flatMap((name) => readFileSync(join(dir, name), "utf8").trim().split("\n"))
        .map((line) => JSON.parse(line) as { type: string; ref: string }),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await closed;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
