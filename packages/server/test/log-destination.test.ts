import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { toFile } from "../src/log/file.ts";
import { MAX_QUEUED_BYTES, toPipe } from "../src/log/pipe.ts";

const LOG = new URL("../src/log.ts", import.meta.url).href;
const LINE = `${"x".repeat(1_023)}\n`;

/** A stream that takes nothing until it is told to. */
function stuckStream() {
  const taken: string[] = [];
  let release: ((error?: Error) => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      taken.push(chunk);
      release = done;
    },
  });
  return { stream, taken, release: (error?: Error) => release?.(error) };
}

describe("a log on a pipe", () => {
  it("keeps no more than its bound, and says how many lines it dropped once there is room", async () => {
    const { stream, taken, release } = stuckStream();
    const log = toPipe(stream);
    for (let i = 0; i < 2_000; i++) log.write(LINE);
    expect(stream.writableLength).toBe(MAX_QUEUED_BYTES);
    const flushed = log.flush(60_000);
    while (stream.writableLength > 0) {
      release();
      await new Promise(setImmediate);
    }
    await flushed;
    expect(taken).toHaveLength(1_025);
    expect(JSON.parse(taken.at(-1) ?? "")).toMatchObject({
      level: 40,
      dropped: 976,
      msg: "976 log lines were dropped",
    });
  });

  it("never waits longer than it is told for a reader that does not read", async () => {
    const { stream } = stuckStream();
    const log = toPipe(stream);
    log.write(LINE);
    await log.flush(1);
    expect(stream.writableLength).toBe(LINE.length);
  });

  it("throws nothing, and does not wait, when its reader has gone", async () => {
    const { stream, release } = stuckStream();
    const log = toPipe(stream);
    log.write(LINE);
    log.write(LINE);
    release(new Error("EPIPE"));
    await log.flush(60_000);
    expect(() => log.write(LINE)).not.toThrow();
  });

  it.skipIf(process.platform === "win32")("accounts for every line that a process logged", async () => {
    const script = `
      import { createLog } from ${JSON.stringify(LOG)};
      const log = createLog("t");
      for (let i = 0; i < 20_000; i++) log.info({ i }, "some line of text that fills the pipe before anyone reads it");
      process.stdout.write("logged");
      process.stdin.resume();`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "pipe" });
    const closed = once(child, "close");
    await once(child.stdout, "data");
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("dropped")) child.stdin.end();
    });
    expect(await closed).toEqual([0, null]);
    const lines = text.trim().split("\n");
    const entries = lines.map((one) => JSON.parse(one) as { level: number; dropped?: number });
    const dropped = entries.reduce((sum, entry) => sum + (entry.dropped ?? 0), 0);
    expect(dropped).toBeGreaterThan(0);
    expect(entries.filter((entry) => entry.dropped === undefined).length + dropped).toBe(20_000);
  });
});

describe.skipIf(process.platform === "win32")("a log on a file", () => {
  it("throws nothing on a full disk", () => {
    const fd = openSync("/dev/full", "w");
    const log = toFile(fd);
    expect(() => log.write(LINE)).not.toThrow();
    closeSync(fd);
    expect(() => log.write(LINE)).not.toThrow();
  });

  it("says how many lines it dropped once there is room, on a line of its own", () => {
    // A non-blocking pipe is the only file that a test can fill and empty again without being root.
    const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-"));
    const path = join(dir, "full");
    execFileSync("mkfifo", [path]);
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const log = toFile(fd);
    // Larger than a pipe: cut in the middle.
    log.write("y".repeat(1_100_000));
    log.write(LINE);
    const buffer = Buffer.alloc(1_100_000);
    readSync(fd, buffer);
    log.write("next\n");
    const text = buffer.toString("utf8", 0, readSync(fd, buffer));
    const [start, report, next] = text.split("\n").slice(-4);
    closeSync(fd);
    rmSync(dir, { recursive: true });
    expect(start).toMatch(/^y*$/);
    expect(JSON.parse(report ?? "")).toMatchObject({ level: 40, dropped: 2 });
    expect(next).toBe("next");
  });
});
