import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { CAN_BE_OTHERS } from "../../../../test/support/other-user.ts";
import { formatHolder, type Holder, thisProcess } from "../../src/folder/holder.ts";
import { takeLock } from "../../src/folder/lock.ts";
import { openAuditLog, verifyAuditLog } from "../../src/index.ts";
import { type Child, startChild } from "../support/child.ts";
import { temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/hold-lock.ts");
const THREAD = join(import.meta.dirname, "../children/hold-lock-thread.ts");
const LOCKED = expect.objectContaining({ code: "locked" });

function lockPath(): string {
  return join(temporaryFolder(), "writer.lock");
}

function leaveBehind(path: string, change: Partial<Holder>): void {
  writeFileSync(path, formatHolder({ ...thisProcess(), ...change }), { mode: 0o600 });
}

async function startTaker(path: string, uid?: number): Promise<Child> {
  const taker = startChild([process.execPath, CHILD, path], uid);
  expect(await taker.line()).toBe("ready");
  return taker;
}

async function take(taker: Child): Promise<string> {
  taker.say("go");
  return await taker.line();
}

async function kill(taker: Child): Promise<void> {
  const closed = once(taker.process, "close");
  taker.process.kill("SIGKILL");
  await closed;
}

const DEAD: readonly [string, Partial<Holder>][] = [
  ["a process that is gone", { pid: 4_190_000, start: "1" }],
  ["a process whose pid was given to another, as that of a container is to its next process 1", { start: "1" }],
  ["a process of an earlier boot, or of another machine", { boot: "00000000-0000-0000-0000-000000000000" }],
];

test("refuses a second writer, also in the same process, until the first lets go", () => {
  const path = lockPath();
  const first = takeLock(path);
  expect(() => takeLock(path)).toThrow(LOCKED);
  first.release();
  expect(existsSync(path)).toBe(false);
  takeLock(path).release();
});

test.each(DEAD)("takes over the lock of %s and leaves nothing else behind", (_name, change) => {
  const path = lockPath();
  leaveBehind(path, change);
  const lock = takeLock(path);
  expect(lock.held()).toBe(true);
  expect(readdirSync(join(path, ".."))).toEqual(["writer.lock", "writer.lock.db"]);
  lock.release();
  expect(readdirSync(join(path, ".."))).toEqual(["writer.lock.db"]);
});

test.each(DEAD)("refuses while a process holds the lock that looks like %s", async (_name, change) => {
  const path = lockPath();
  const holder = await startTaker(path);
  expect(await take(holder)).toBe("won");
  leaveBehind(path, change);
  expect(() => takeLock(path)).toThrow(LOCKED);
  rmSync(path);
  expect(() => takeLock(path)).toThrow(LOCKED);
  await kill(holder);
  takeLock(path).release();
});

test("names the holder, and says so where it cannot be seen from here", async () => {
  const path = lockPath();
  const holder = await startTaker(path);
  await take(holder);
  const { pid } = holder.process;
  expect(() => takeLock(path)).toThrow(`${path}: another process (pid ${pid}) writes this log`);
  leaveBehind(path, { pid: 1, boot: "00000000-0000-0000-0000-000000000000" });
  expect(() => takeLock(path)).toThrow("another process (pid 1 of another container or machine) writes this log");
  rmSync(path);
  expect(() => takeLock(path)).toThrow("another process writes this log");
});

test("refuses while a process of a version without kernel locks runs, and names it", async () => {
  const path = lockPath();
  // Our parent runs, and holds nothing.
  const stat = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  leaveBehind(path, { pid: process.ppid, start });
  expect(() => takeLock(path)).toThrow(`another process (pid ${process.ppid}) writes this log`);
});

test("takes over a lock that a power cut left empty", () => {
  const path = lockPath();
  writeFileSync(path, "");
  takeLock(path).release();
});

test("a folder that was copied while it was in use is free once its process is gone", async () => {
  const path = lockPath();
  const holder = await startTaker(path);
  expect(await take(holder)).toBe("won");
  const copy = temporaryFolder();
  cpSync(join(path, ".."), copy, { recursive: true });
  await kill(holder);
  takeLock(join(copy, "writer.lock")).release();
});

test("notices that its lock was replaced, and then leaves the other's lock alone", () => {
  const path = lockPath();
  const lock = takeLock(path);
  writeFileSync(`${path}.other`, "other");
  renameSync(`${path}.other`, path);
  expect(lock.held()).toBe(false);
  lock.release();
  expect(readFileSync(path, "utf8")).toBe("other");
});

test("of many processes racing for a dead one's lock, one wins; after a SIGKILL the next can", async () => {
  const path = lockPath();
  for (let round = 0; round < 3; round++) {
    if (round === 0) leaveBehind(path, { start: "1" });
    const takers = await Promise.all(Array.from({ length: 6 }, () => startTaker(path)));
    const answers = await Promise.all(takers.map(take));
    expect(answers.sort()).toEqual(["locked", "locked", "locked", "locked", "locked", "won"]);
    await Promise.all(takers.map(kill));
  }
});

test("a process that holds the lock keeps it whatever it does with the log, and whoever asks in vain", async () => {
  const dir = temporaryFolder();
  const path = join(dir, "writer.lock");
  const log = await openAuditLog({ dir, server: "test" });
  await expect(openAuditLog({ dir, server: "test" })).rejects.toEqual(LOCKED);
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
  expect(() => takeLock(path)).toThrow(LOCKED);
  // What another container sees.
  leaveBehind(path, { start: "1" });
  expect(await take(await startTaker(path))).toBe("locked");
  await log.close().catch(() => undefined);
  expect(await take(await startTaker(path))).toBe("won");
});

function startThread(path: string): { thread: Worker; answer: Promise<unknown[]> } {
  const thread = new Worker(THREAD, { workerData: path });
  onTestFinished(() => void thread.terminate());
  return { thread, answer: once(thread, "message") };
}

test("threads of one process exclude each other, and one that is ended lets go", async () => {
  const path = lockPath();
  const first = startThread(path);
  expect(await first.answer).toEqual(["won"]);
  expect(() => takeLock(path)).toThrow(LOCKED);
  expect(await startThread(path).answer).toEqual(["locked"]);
  await first.thread.terminate();
  const lock = takeLock(path);
  expect(await startThread(path).answer).toEqual(["locked"]);
  lock.release();
});

test("the name of a held file was removed: refuses while its process can be seen", async () => {
  const path = lockPath();
  const holder = await startTaker(path);
  expect(await take(holder)).toBe("won");
  rmSync(`${path}.db`);
  expect(() => takeLock(path)).toThrow(LOCKED);
});

test("a held file that goes when it is let go of is held by one at a time all the same", async () => {
  const path = `${lockPath()}.db`;
  const child = join(import.meta.dirname, "../children/hold-and-remove.ts");
  const takers = Array.from({ length: 4 }, () => startChild([process.execPath, child, path, "500"]));
  for (const taker of takers) expect(await taker.line()).toBe("ready");
  expect(await Promise.all(takers.map(take))).toEqual(["500", "500", "500", "500"]);
});

test("with a folder that goes again, it takes its own files along", () => {
  const path = lockPath();
  takeLock(path).release({ remove: true });
  expect(readdirSync(join(path, ".."))).toEqual([]);
});

test.each<[string, string, (file: string) => void]>([
  ["a link", "insecure", (file) => symlinkSync(join(temporaryFolder(), "elsewhere"), file)],
  ["a folder", "insecure", (file) => mkdirSync(file)],
  ["a database", "insecure", (file) => writeFileSync(file, "SQLite format 3\0", { mode: 0o600 })],
  ["a file that others may write to", "insecure", (file) => others(file)],
])("refuses %s in the place of what is to be locked, and leaves it alone", (_name, code, put) => {
  const path = lockPath();
  put(`${path}.db`);
  expect(() => takeLock(path)).toThrow(expect.objectContaining({ code }));
  expect(readdirSync(join(path, ".."))).toEqual(["writer.lock.db"]);
});

function others(file: string): void {
  writeFileSync(file, "");
  chmodSync(file, 0o622);
}

test("refuses where the path is longer than what can be locked", () => {
  const deep = join(temporaryFolder(), "d".repeat(250), "e".repeat(250));
  mkdirSync(deep, { recursive: true });
  expect(() => takeLock(join(deep, "writer.lock"))).toThrow(
    expect.objectContaining({ code: "unavailable", message: expect.stringContaining("cannot lock") }),
  );
});

/** Rights mean nothing to root. */
const ROOT = process.geteuid?.() === 0;
const USER = ROOT ? 65_534 : undefined;

test.skipIf(ROOT && !CAN_BE_OTHERS).each<[string, string, (path: string) => void]>([
  ["a folder that cannot be written to", "unavailable", (path) => chmodSync(join(path, ".."), 0o500)],
  ["a file that can only be read, which would not be locked", "unavailable", (path) => readOnly(`${path}.db`)],
])("refuses %s", async (_name, code, spoil) => {
  const path = lockPath();
  spoil(path);
  own(join(path, ".."));
  expect(await take(await startTaker(path, USER))).toBe(code);
});

test.skipIf(!CAN_BE_OTHERS)("refuses another user's file", async () => {
  const path = lockPath();
  own(join(path, ".."));
  writeFileSync(`${path}.db`, "", { mode: 0o666 });
  expect(await take(await startTaker(path, USER))).toBe("insecure");
});

function readOnly(file: string): void {
  writeFileSync(file, "", { mode: 0o400 });
  own(file);
}

function own(path: string): void {
  if (USER !== undefined) chownSync(path, USER, USER);
}
