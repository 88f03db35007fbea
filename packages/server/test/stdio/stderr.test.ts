import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { call, initialize } from "../support/stdio.ts";

const SCRIPT = fileURLToPath(new URL("../support/children/noisy-server.ts", import.meta.url));

interface Server extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly stdin: Writable;
  /** The ids of the answers, in order. */
  answers(count: number): Promise<unknown[]>;
  exited(): Promise<number | null>;
}

/** A server whose standard error nobody reads: a socket as Node makes one, a pipe as a shell does, or a full disk. */
function start(stderr: "socket" | "pipe" | "full"): Server {
  const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-"));
  const fifo = join(dir, "stderr");
  if (stderr === "pipe") execFileSync("mkfifo", [fifo]);
  // Open at both ends: as long as this descriptor lives the pipe has a reader, one that never reads.
  const fd =
    stderr === "pipe" ? openSync(fifo, constants.O_RDWR) : stderr === "full" ? openSync("/dev/full", "w") : undefined;
  const child = spawn(process.execPath, [SCRIPT, join(dir, "audit"), "stdio"], {
    stdio: ["pipe", "pipe", fd ?? "pipe"],
  });
  const exited = once(child, "exit");
  const lines = createInterface(child.stdout as Readable)[Symbol.asyncIterator]();
  return {
    process: child,
    stdin: child.stdin as Writable,
    answers: async (count) => {
      const ids: unknown[] = [];
      while (ids.length < count) {
        const next = await lines.next();
        if (next.done) throw new Error(`the child ended after ${ids.length} answers`);
        ids.push((JSON.parse(next.value) as { id: unknown }).id);
      }
      return ids;
    },
    exited: async () => ((await exited) as [number | null])[0],
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
      if (fd !== undefined) closeSync(fd);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const line = (message: unknown): string => `${JSON.stringify(message)}\n`;
const refusals = (count: number): string =>
  Array.from({ length: count }, (_, id) => line(call(id, `${"unknown-".repeat(10)}${id}`, {}))).join("");
/** Under what one client may have in flight. */
const BATCH = 100;

describe.skipIf(process.platform === "win32")("a server whose standard error fails", () => {
  it.each(["socket", "pipe"] as const)(
    "answers 3,000 refusals and SIGTERM when nobody reads the %s",
    async (kind) => {
      await using server = start(kind);
      server.stdin.write(line(initialize));
      expect(await server.answers(1)).toEqual(["init"]);
      for (let sent = 0; sent < 3_000; sent += BATCH) {
        server.stdin.write(refusals(BATCH));
        expect(new Set(await server.answers(BATCH)).size).toBe(BATCH);
      }
      server.process.kill("SIGTERM");
      expect(await server.exited()).toBe(0);
    },
    30_000,
  );

  it("answers on when the reader of its log has gone", async () => {
    await using server = start("socket");
    server.stdin.write(line(initialize));
    expect(await server.answers(1)).toEqual(["init"]);
    server.process.stderr?.destroy();
    for (let sent = 0; sent < 3_000; sent += BATCH) {
      server.stdin.write(`${line(call("noise", "noisy", {}))}${refusals(BATCH - 1)}`);
      expect(new Set(await server.answers(BATCH)).size).toBe(BATCH);
    }
    server.process.kill("SIGTERM");
    expect(await server.exited()).toBe(0);
  }, 30_000);

  it("starts, answers, and ends with its input when the disk under its log is full", async () => {
    await using server = start("full");
    server.stdin.write(line(initialize));
    server.stdin.write(`${line(call("noise", "noisy", {}))}no json\n${refusals(10)}`);
    const answered = await server.answers(13);
    expect(answered).toEqual(expect.arrayContaining(["init", "noise", null, 0, 9]));
    server.stdin.end();
    expect(await server.exited()).toBe(0);
  });
});
