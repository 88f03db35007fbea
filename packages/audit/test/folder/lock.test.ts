import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { formatHolder, type Holder, thisProcess } from "../../src/folder/holder.ts";
import { takeLock } from "../../src/folder/lock.ts";
import { temporaryFolder } from "../support.ts";

const CHILD = join(import.meta.dirname, "../children/hold-lock.ts");

function lockPath(): string {
  return join(temporaryFolder(), "writer.lock");
}

function leaveBehind(path: string, change: Partial<Holder>): void {
  writeFileSync(path, formatHolder({ ...thisProcess(), ...change }));
}

test("refuses a second writer, also in the same process, until the first lets go", () => {
  const path = lockPath();
  const first = takeLock(path);
  expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: "locked" }));
  first.release();
  expect(existsSync(path)).toBe(false);
  takeLock(path);
});

test.each<[string, Partial<Holder>]>([
  ["a process that is gone", { pid: 4_190_000, start: "1" }],
  ["a process whose pid was given to another", { start: "1" }],
  ["a process of an earlier boot", { boot: "00000000-0000-0000-0000-000000000000" }],
])("takes over the lock of %s and leaves nothing else behind", (_name, change) => {
  const path = lockPath();
  leaveBehind(path, change);
  expect(takeLock(path).held()).toBe(true);
  expect(readdirSync(join(path, ".."))).toEqual(["writer.lock"]);
});

test("takes over a lock that a power cut left empty", () => {
  const path = lockPath();
  writeFileSync(path, "");
  expect(takeLock(path).held()).toBe(true);
});

test("takes over although an earlier taker died halfway", () => {
  const path = lockPath();
  const dead = { ...thisProcess(), start: "1" };
  writeFileSync(path, formatHolder(dead));
  leaveBehind(`${path}.${dead.nonce}`, { start: "2" });
  expect(takeLock(path).held()).toBe(true);
});

test("does not take over while a living taker is at it", () => {
  const path = lockPath();
  const dead = { ...thisProcess(), start: "1" };
  writeFileSync(path, formatHolder(dead));
  leaveBehind(`${path}.${dead.nonce}`, {});
  expect(() => takeLock(path)).toThrow(expect.objectContaining({ code: "locked" }));
  expect(readFileSync(path, "utf8")).toBe(formatHolder(dead));
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

function spawnTaker(path: string): { child: ChildProcess; line: () => Promise<string> } {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

test("of many processes racing for a dead one's lock, one wins; after a SIGKILL the next can", async () => {
  const path = lockPath();
  for (let round = 0; round < 3; round++) {
    if (round === 0) leaveBehind(path, { start: "1" });
    const takers = Array.from({ length: 6 }, () => spawnTaker(path));
    await Promise.all(takers.map((taker) => taker.line()));
    for (const { child } of takers) child.stdin?.write("go\n");
    const answers = await Promise.all(takers.map((taker) => taker.line()));
    expect(answers.sort()).toEqual(["locked", "locked", "locked", "locked", "locked", "won"]);
    const ends = takers.map(({ child }) => once(child, "exit"));
    for (const { child } of takers) child.kill("SIGKILL");
    await Promise.all(ends);
  }
});

test("notices that its lock was removed and made anew, whatever inode the new one got", () => {
  const path = lockPath();
  const lock = takeLock(path);
  const inodes = new Set([statSync(path).ino]);
  for (let i = 0; i < 50; i++) {
    rmSync(path);
    writeFileSync(path, "other");
    inodes.add(statSync(path).ino);
    expect(lock.held()).toBe(false);
  }
  // On file systems that give the number out again, this is the attack itself.
  expect(inodes.size).toBeLessThanOrEqual(51);
});
