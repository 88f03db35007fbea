import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AuditErrorCode, openAuditLog, verifyAuditLog } from "../../src/index.ts";
import { FIRST, intent, open, outcome, records, temporaryFolder, writeLog } from "../support.ts";

const NEXT = "audit-00000000000000000023.jsonl";

function refusal(code: AuditErrorCode): unknown {
  return expect.objectContaining({ name: "AuditError", code });
}

test("is private: folder 0700, files 0600", async () => {
  const dir = join(temporaryFolder(), "a/b");
  const log = await open(dir);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir).sort()).toEqual([
    FIRST,
    "checkpoints-00000000000000000000.txt",
    expect.stringMatching(/^digest-\d+\.key$/),
    "head.json",
    "signing.key",
    "signing.pub",
    "writer.lock",
    "writer.lock.db",
  ]);
  await log.close();
  expect(readdirSync(dir)).not.toContain("writer.lock");
});

test("numbers from 0 and goes on after a restart under the same id", async () => {
  const dir = temporaryFolder();
  const first = await open(dir);
  expect(first.write(intent("r"))).toBe(1);
  expect(first.write(outcome("r"))).toBe(2);
  await first.close();
  const second = await open(dir);
  expect(second.logId).toBe(first.logId);
  await second.close();
  expect(records(dir).map((r) => [r.seq, r.type])).toEqual([
    [0, "log.opened"],
    [1, "call.intent"],
    [2, "call.outcome"],
    [3, "log.stopped"],
    [4, "log.opened"],
    [5, "log.stopped"],
  ]);
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});

test("durable means on disk: the record can be read when it resolves", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const seq = log.write(intent(`r${i}`));
      await log.durable();
      expect(records(dir)[seq]).toMatchObject({ seq, ref: `r${i}` });
    }),
  );
  await log.close();
});

test("cuts what a crash left half-written and says how much", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 3);
  appendFileSync(join(dir, FIRST), '{"v":1,"log":"te');
  await (await open(dir)).close();
  expect(records(dir).find((r) => r.type === "log.recovered")?.detail).toEqual({ cut_bytes: 16 });
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});

test("cuts a torn first record: the log starts over", async () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, FIRST), '{"v":1', { mode: 0o600 });
  await (await open(dir)).close();
  expect(records(dir).map((r) => r.type)).toEqual(["log.opened", "log.recovered", "log.stopped"]);
});

test("cuts a torn tail longer than the part it checks at start", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 3);
  appendFileSync(join(dir, FIRST), "x".repeat(1_000_000));
  await (await open(dir)).close();
  expect((await verifyAuditLog(dir)).status).toBe("intact");
});

test("reports calls that never ended since the last start, once", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  for (const ref of ["a", "b", "c"]) log.write(intent(ref));
  log.write(outcome("b"));
  await log.close();
  for (const _ of [1, 2]) await (await open(dir)).close();
  const opened = records(dir).filter((r) => r.type === "log.opened");
  expect(opened.map((r) => r.detail?.["unfinished"])).toEqual([0, 2, 0]);
});

test("continues a log longer than the window it checks at start", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 1500);
  expect(statSync(join(dir, FIRST)).size).toBeGreaterThan(1_000_000);
  await (await open(dir)).close();
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact", records: 3004 });
});

test("refuses a second writer", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  await expect(open(dir)).rejects.toEqual(refusal("locked"));
  await log.close();
  await (await open(dir)).close();
});

test.each<[string, (dir: string) => void, AuditErrorCode]>([
  [
    "a changed record near the end",
    (dir) => edit(dir, (text) => text.replace(/"ref":"r9"(?!.*"ref":"r9")/s, '"ref":"rX"')),
    "damaged",
  ],
  [
    "a missing record near the end",
    (dir) => edit(dir, (text) => text.replace(/[^\n]*"ref":"r8"[^\n]*\n/, "")),
    "damaged",
  ],
  ["bytes after the last record", (dir) => edit(dir, (text) => `${text.slice(0, -1)}x`), "damaged"],
  ["an end longer than any record", (dir) => appendFileSync(join(dir, FIRST), "x".repeat(3_000_000)), "damaged"],
  [
    "a newest file without records that nothing leads to",
    (dir) => writeFileSync(join(dir, NEXT), "", { mode: 0o600 }),
    "damaged",
  ],
  ["a folder that others may write to", (dir) => chmodSync(dir, 0o777), "insecure"],
  ["a segment that others may write to", (dir) => chmodSync(join(dir, FIRST), 0o622), "insecure"],
  ["a link in the segment's place", (dir) => link(dir), "insecure"],
  ["a FIFO in the segment's place", (dir) => fifo(dir), "insecure"],
  ["a folder in the segment's place", (dir) => folder(dir), "unavailable"],
])("refuses to start over %s, and lets go of the lock", async (_name, damage, code) => {
  const dir = temporaryFolder();
  await writeLog(dir);
  damage(dir);
  await expect(open(dir)).rejects.toEqual(refusal(code));
  expect(readdirSync(dir)).not.toContain("writer.lock");
});

function edit(dir: string, change: (text: string) => string): void {
  const before = readFileSync(join(dir, FIRST), "latin1");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(dir, FIRST), after, "latin1");
}

function link(dir: string): void {
  const elsewhere = join(temporaryFolder(), "x");
  writeFileSync(elsewhere, "");
  rmSync(join(dir, FIRST));
  symlinkSync(elsewhere, join(dir, FIRST));
}

function fifo(dir: string): void {
  rmSync(join(dir, FIRST));
  execFileSync("mkfifo", ["-m", "600", join(dir, FIRST)]);
}

function folder(dir: string): void {
  rmSync(join(dir, FIRST));
  mkdirSync(join(dir, FIRST));
}

test("refuses a folder that is a link", async () => {
  const dir = temporaryFolder();
  symlinkSync(temporaryFolder(), join(dir, "link"));
  await expect(open(join(dir, "link"))).rejects.toEqual(refusal("insecure"));
});

test("refuses a folder below a file", async () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, "file"), "");
  await expect(open(join(dir, "file/log"))).rejects.toEqual(refusal("unavailable"));
});

test("refuses another server's log", async () => {
  const dir = temporaryFolder();
  await writeLog(dir);
  await expect(openAuditLog({ dir, server: "tes" })).rejects.toEqual(refusal("wrong_server"));
});

test.each(["", "A", "a b", "a/b", "../x", "a\n"])("refuses %j as a server's id", async (server) => {
  await expect(openAuditLog({ dir: temporaryFolder(), server })).rejects.toEqual(refusal("invalid"));
});

test.each<[string, (dir: string) => void]>([
  ["cut", (dir) => truncateSync(join(dir, FIRST), 0)],
  ["deleted", (dir) => rmSync(join(dir, FIRST))],
  ["written to by somebody else", (dir) => appendFileSync(join(dir, FIRST), "x")],
  ["taken over by another writer", (dir) => rmSync(join(dir, "writer.lock"))],
])("dies for good when its file is %s under it", async (_name, attack) => {
  const dir = temporaryFolder();
  const log = await open(dir);
  attack(dir);
  log.write(intent("r"));
  await expect(log.durable()).rejects.toEqual(refusal("unavailable"));
  expect(log.failed).toEqual(refusal("unavailable"));
  expect(() => log.write(intent("r"))).toThrow(refusal("unavailable") as Error);
  await expect(log.durable()).rejects.toEqual(refusal("unavailable"));
  await expect(log.close()).rejects.toEqual(refusal("unavailable"));
});

test("a full queue refuses, and closing still writes all of it", async () => {
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, server: "test", maxQueuedBytes: 8192 });
  let written = 0;
  expect(() => {
    for (;;) written = log.write(intent("r"));
  }).toThrow(refusal("unavailable") as Error);
  await log.close();
  expect(records(dir).at(-1)).toMatchObject({ seq: written + 1, type: "log.stopped" });
});

test("closes once, and refuses to write afterwards", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  log.write(intent("last"));
  await Promise.all([log.close(), log.close()]);
  expect(() => log.write(intent("late"))).toThrow(refusal("unavailable") as Error);
  expect(records(dir).map((r) => r.type)).toEqual(["log.opened", "call.intent", "log.stopped"]);
});
