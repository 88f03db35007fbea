import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openAuditLog } from "../../src/index.ts";
import { expectProvable, leavesOf } from "../folder-check.ts";
import { intent, open, outcome, temporaryFolder, writeLog } from "../support.ts";

const CHECKPOINTS = "checkpoints-00000000000000000000.txt";

test("signs at start and at stop, and what is signed is the tree over the bytes on disk", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 10);
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1, 22]);
  await writeLog(dir, 1);
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1, 22, 23, 26]);
});

test("signs after so many records, at the end of a batch", async () => {
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, server: "test", checkpointRecords: 10 });
  for (let i = 0; i < 30; i++) {
    log.write(outcome(`r${i}`));
    await log.durable();
  }
  await log.checkpoint();
  await log.close();
  const sizes = expectProvable(dir).map(({ size }) => size);
  expect(sizes.slice(0, 4)).toEqual([1, 11, 21, 31]);
});

test("signs after some time when there are new records, and not when there are none", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, server: "test", checkpointMs: 1000 });
  const sizes = () => expectProvable(dir).map(({ size }) => size);
  vi.advanceTimersByTime(5000);
  log.write(outcome("r"));
  await log.durable();
  expect(sizes()).toEqual([1]);
  vi.advanceTimersByTime(1000);
  await vi.waitFor(() => expect(sizes()).toEqual([1, 2]));
  vi.advanceTimersByTime(5000);
  log.write(outcome("s"));
  await log.checkpoint();
  expect(sizes()).toEqual([1, 2, 3]);
  vi.useRealTimers();
  await log.close();
});

test("a checkpoint that is asked for covers everything written before", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  for (let i = 0; i < 5; i++) log.write(outcome(`r${i}`));
  const [first, second] = await Promise.all([log.checkpoint(), log.checkpoint()]);
  expect(first).toMatchObject({ origin: log.logId, size: 6 });
  expect(second).toEqual(first);
  expect(expectProvable(dir).at(-1)).toMatchObject({ size: 6, root: first.root, signers: [log.publicKey] });
  await log.close();
});

test("never speaks of records that are not on disk yet", async () => {
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, server: "test", checkpointRecords: 1 });
  const write = async (i: number): Promise<void> => {
    log.write(outcome(`r${i}`));
    await log.durable();
    const signed = Math.max(...expectProvable(dir).map(({ size }) => size));
    expect(leavesOf(dir).length).toBeGreaterThanOrEqual(signed);
  };
  await Promise.all(Array.from({ length: 100 }, (_, i) => write(i)));
  await log.close();
});

test("cuts half a checkpoint that a crash left, and goes on", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 3);
  const whole = readFileSync(join(dir, CHECKPOINTS));
  writeFileSync(join(dir, CHECKPOINTS), Buffer.concat([whole, whole.subarray(0, 90)]));
  await writeLog(dir, 3);
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1, 8, 9, 16]);
});

test("a checkpoint that cannot be written ends the log", async () => {
  const dir = temporaryFolder();
  const log = await open(dir);
  renameSync(join(dir, CHECKPOINTS), join(dir, "aside"));
  mkdirSync(join(dir, CHECKPOINTS));
  log.write(intent("r"));
  await expect(log.checkpoint()).rejects.toMatchObject({ code: "unavailable" });
  expect(() => log.write(intent("s"))).toThrow(expect.objectContaining({ code: "unavailable" }));
  await expect(log.close()).rejects.toMatchObject({ code: "unavailable" });
  rmSync(join(dir, CHECKPOINTS), { recursive: true });
  renameSync(join(dir, "aside"), join(dir, CHECKPOINTS));
  await (await open(dir)).close();
  expectProvable(dir);
});

test("signs a size once, however many reasons there are, so that sizes always grow", async () => {
  const dir = temporaryFolder();
  const log = await openAuditLog({ dir, server: "test", checkpointRecords: 1 });
  for (let i = 0; i < 20; i++) {
    log.write(outcome(`r${i}`));
    const [first, second] = await Promise.all([log.checkpoint(), log.durable().then(() => log.checkpoint())]);
    expect(second.size).toBeGreaterThanOrEqual(first.size);
  }
  await log.checkpoint();
  await log.close();
  const sizes = expectProvable(dir).map(({ size }) => size);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
});
