import { readdirSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { openAuditLog } from "../../src/index.ts";
import { records, temporaryFolder } from "../support.ts";

const HOUR = 3_600_000;
const keyFiles = (dir: string) => readdirSync(dir).filter((name) => name.startsWith("digest-"));

function clockAt(ms: number): void {
  vi.spyOn(Date, "now").mockReturnValue(ms);
  onTestFinished(() => void vi.restoreAllMocks());
}

test("a key whose time is over is destroyed and replaced, on record, while the log is open and at its start", async () => {
  const dir = temporaryFolder();
  const from = Date.now();
  clockAt(from);
  const log = await openAuditLog({ dir, server: "test", digestKeyMs: HOUR });
  const first = log.digest({ id: 7 }).digest;
  expect(log.digest({ id: 7 }).digest).toBe(first);
  clockAt(from + HOUR);
  const second = log.digest({ id: 7 }).digest;
  expect(second).not.toBe(first);
  await log.close();
  clockAt(from + 3 * HOUR);
  const again = await openAuditLog({ dir, server: "test", digestKeyMs: HOUR });
  expect([first, second]).not.toContain(again.digest({ id: 7 }).digest);
  await again.close();

  const all = records(dir).filter(({ type }) => type !== "log.clock_stepped" && type !== "log.stopped");
  const [opened, destroyed, made, reopened, gone] = all;
  expect(all.map(({ type }) => type)).toEqual([
    "log.opened",
    "log.digest_key_destroyed",
    "log.digest_key",
    "log.opened",
    "log.digest_key_destroyed",
  ]);
  expect(destroyed?.detail?.["key"]).toBe(opened?.detail?.["key"]);
  expect(gone?.detail?.["key"]).toBe(made?.detail?.["key"]);
  expect(opened?.detail?.["key_until"]).toBe(new Date(from + HOUR).toISOString());
  expect(reopened?.detail?.["key"]).not.toBe(made?.detail?.["key"]);
  expect(keyFiles(dir)).toHaveLength(1);
});

test("a key ends although nothing is digested", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const dir = temporaryFolder();
  const from = Date.now();
  clockAt(from);
  const log = await openAuditLog({ dir, server: "test", digestKeyMs: HOUR });
  const [key] = keyFiles(dir);
  clockAt(from + HOUR);
  vi.advanceTimersByTime(60_000);
  expect(keyFiles(dir)).toHaveLength(1);
  expect(keyFiles(dir)).not.toEqual([key]);
  await log.close();
});

test("tells what became of the tools since the last start", async () => {
  const dir = temporaryFolder();
  const [read, write] = [
    { name: "read_note", def: "hash-1" },
    { name: "write_note", def: "hash-2" },
  ];
  const first = await openAuditLog({ dir, server: "test" });
  expect(first.drift([read, write])).toEqual([]);
  await first.close();
  const second = await openAuditLog({ dir, server: "test" });
  expect(second.drift([{ ...read, def: "hash-3" }])).toMatchObject([
    { type: "tool.changed", tool: { name: "read_note" }, detail: { change: "changed", was: "hash-1" } },
    { type: "tool.changed", tool: { name: "write_note" }, detail: { change: "removed" } },
  ]);
  await second.close();
});
