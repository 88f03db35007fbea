import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { type AuditLogOptions, openAuditLog } from "../../src/index.ts";
import { parseCheckpoint } from "../../src/note/checkpoint.ts";
import { parseNote } from "../../src/note/note.ts";
import { checkpointsOf, expectProvable, segmentsOf } from "../folder-check.ts";
import { outcome, records, temporaryFolder } from "../support.ts";

const SMALL = { server: "test", maxSegmentBytes: 64 * 1024 };
const numberOf = (file: string) => Number(/(\d{20})/.exec(file)?.[1]);

/**
 * Signed often enough that the size alone says where a segment ends, not how fast this machine signs: the last one is left
 * with room, and opening the log once more begins no other.
 */
async function fill(options: AuditLogOptions, count = 1000): Promise<void> {
  const log = await openAuditLog(options);
  for (let i = 0; i < count; i++) {
    log.write(outcome(`r${i}`));
    if (i % 50 === 0) await log.checkpoint();
  }
  await log.close();
}

function pruned(dir: string): { size: number; root: string }[] {
  return readFileSync(join(dir, "pruned.txt"), "utf8")
    .split(/(?<=\n)\n(?=[^\u2014]|$)/)
    .filter(Boolean)
    .map((note) => parseCheckpoint(parseNote(note)!.text)!);
}

test("keeps everything unless told otherwise", async () => {
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL });
  expect(segmentsOf(dir).length).toBeGreaterThan(4);
  expect(existsSync(join(dir, "pruned.txt"))).toBe(false);
});

test("keeps so many segments, announces what goes, and keeps the proof of it", async () => {
  const whole = temporaryFolder();
  await fill({ dir: whole, ...SMALL });
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL, keepSegments: 2 });
  await (await openAuditLog({ dir, ...SMALL, keepSegments: 2 })).close();
  expect(segmentsOf(dir)).toHaveLength(2);
  const first = numberOf(segmentsOf(dir)[0]!);
  const announced = records(dir)
    .filter(({ type }) => type === "log.pruned")
    .at(-1);
  expect(announced?.detail).toMatchObject({ to: first, why: "count" });
  // The first record of what is left has the edge; its root is the one that was signed and kept.
  const edge = records(dir)[0]!;
  expect(pruned(dir).at(-1)).toMatchObject({ size: first, root: edge.detail?.["root"] });
  expect(announced?.detail?.["root"]).toBe(edge.detail?.["root"]);
  // One proof for each segment that went, in order.
  const sizes = pruned(dir).map(({ size }) => size);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(sizes.length).toBeGreaterThan(2);
  expect(checkpointsOf(dir).every(({ size }) => size > first)).toBe(true);
});

test("keeps so many bytes", async () => {
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL, keepBytes: 150_000 });
  const bytes = segmentsOf(dir).reduce((sum, name) => sum + readFileSync(join(dir, name)).length, 0);
  expect(bytes).toBeLessThan(150_000 + 66_000);
  expect(records(dir).findLast(({ type }) => type === "log.pruned")?.detail).toMatchObject({ why: "size" });
});

test("keeps segments for so long after their last record", async () => {
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL });
  const before = segmentsOf(dir);
  await (await openAuditLog({ dir, ...SMALL, keepMs: 60_000 })).close();
  expect(segmentsOf(dir)).toEqual(before);
  const later = Date.now() + 61_000;
  vi.spyOn(Date, "now").mockImplementation(() => later);
  await (await openAuditLog({ dir, ...SMALL, keepMs: 60_000 })).close();
  vi.restoreAllMocks();
  expect(segmentsOf(dir)).toEqual(before.slice(-1));
});

test("what waits to be shipped stays, unless it is room that is short", async () => {
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL });
  const before = segmentsOf(dir);
  const cursor = { v: 1, next: numberOf(before[2]!) };
  writeFileSync(join(dir, "ship-siem.json"), JSON.stringify(cursor));
  await (await openAuditLog({ dir, ...SMALL, keepSegments: 1 })).close();
  expect(segmentsOf(dir)).toEqual(before.slice(2));
  writeFileSync(join(dir, "ship-siem.json"), "{ torn");
  await (await openAuditLog({ dir, ...SMALL, keepSegments: 1 })).close();
  expect(segmentsOf(dir)).toEqual(before.slice(2));
  await (await openAuditLog({ dir, ...SMALL, keepBytes: 64 * 1024 })).close();
  expect(segmentsOf(dir)).toHaveLength(1);
});

test("a segment whose end is not signed stays", async () => {
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL });
  const [first] = segmentsOf(dir);
  const path = join(dir, first!.replace("audit-", "checkpoints-").replace(".jsonl", ".txt"));
  const notes = readFileSync(path, "utf8");
  writeFileSync(path, notes.slice(0, notes.indexOf("\n\n", notes.indexOf("\u2014")) + 2));
  const before = segmentsOf(dir);
  await (await openAuditLog({ dir, ...SMALL, keepSegments: 1 })).close();
  expect(segmentsOf(dir)).toEqual(before);
  expectProvable(dir);
});

test("goes on after a crash between the announcement and the deletion", async () => {
  const dir = temporaryFolder();
  await fill({ dir, ...SMALL });
  const files = readdirSync(dir).filter((name) => /^(audit|checkpoints)-/.test(name));
  const before = files.map((name) => [name, readFileSync(join(dir, name))] as const);
  await (await openAuditLog({ dir, ...SMALL, keepSegments: 2 })).close();
  const [left, kept] = [segmentsOf(dir), pruned(dir).length];
  // Put back, as if they had not been deleted yet; of the oldest, only the checkpoints are still there.
  for (const [name, bytes] of before) {
    if (!existsSync(join(dir, name)) && name !== files.find((one) => one.startsWith("audit-"))) {
      writeFileSync(join(dir, name), bytes, { mode: 0o600 });
    }
  }
  expect(segmentsOf(dir).length).toBeGreaterThan(left.length);
  await (await openAuditLog({ dir, ...SMALL, keepSegments: 2 })).close();
  expect(segmentsOf(dir)).toEqual(left);
  expect(readdirSync(dir).filter((name) => name.startsWith("checkpoints-"))).toHaveLength(left.length);
  expect(pruned(dir)).toHaveLength(kept);
});
