import { readdirSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { openAuditLog, openAuditSlot, verifyAuditLog } from "../../src/index.ts";
import { expectProvable, leavesOf, segmentsOf } from "../folder-check.ts";
import { switchedSigner } from "../signer/switched.ts";
import { outcome, records, temporaryFolder } from "../support.ts";

/** Without the steps of a clock that is not real. */
const types = (dir: string) =>
  records(dir)
    .map(({ type }) => type)
    .filter((type) => type !== "log.clock_stepped");

function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

test("does not start where nothing can be signed, and spoils nothing for when it can", async () => {
  const dir = temporaryFolder();
  const signer = switchedSigner();
  signer.works = false;
  for (let i = 0; i < 3; i++) {
    await expect(openAuditLog({ dir, server: "test", signer })).rejects.toMatchObject({ code: "unavailable" });
  }
  // A server that is started again and again meanwhile leaves no records that nobody signed.
  expect(records(dir)).toEqual([]);
  signer.works = true;
  await (await openAuditLog({ dir, server: "test", signer })).close();
  expectProvable(dir);
});

test("a start that is refused leaves no empty sub-log, which would look like one that was emptied", async () => {
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const first = await openAuditSlot({ dir, server: "test", signer });
  signer.works = false;
  await expect(openAuditSlot({ dir, server: "test", signer })).rejects.toMatchObject({ code: "unavailable" });
  signer.works = true;
  expect(readdirSync(dir).filter((name) => /^\d+$/.test(name))).toEqual(["0"]);
  await first.close();
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
});

test("goes on while the signer is away, says so on record, and signs when it is back", async () => {
  fakeTimers();
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer });
  signer.works = false;
  log.write(outcome("r"));
  await expect(log.checkpoint()).rejects.toMatchObject({ code: "unavailable" });
  log.write(outcome("s"));
  await log.durable();
  expect(log.failed).toBeUndefined();
  signer.works = true;
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(() => expect(types(dir)).toContain("log.signed"));
  await log.close();
  expect(types(dir)).toEqual([
    "log.opened",
    "call.outcome",
    "log.unsigned",
    "call.outcome",
    "log.signed",
    "log.stopped",
  ]);
  expect(records(dir)[2]?.detail).toEqual({ since: 1 });
  expectProvable(dir);
});

test("refuses once nothing could be signed for too long, and takes records again when it can be", async () => {
  fakeTimers();
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer, checkpointMs: 1000, maxUnsignedMs: 60_000 });
  signer.works = false;
  log.write(outcome("r"));
  await expect(log.checkpoint()).rejects.toMatchObject({ code: "unavailable" });
  await vi.advanceTimersByTimeAsync(59_000);
  log.write(outcome("s"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(() => log.write(outcome("t"))).toThrow(expect.objectContaining({ code: "unavailable" }));
  signer.works = true;
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(() => expect(() => log.write(outcome("u"))).not.toThrow());
  await log.close();
  expectProvable(dir);
});

test("a signature that is not the key's counts as none", async () => {
  const dir = temporaryFolder();
  const [signer, other] = [switchedSigner(), switchedSigner()];
  const log = await openAuditLog({ dir, server: "test", signer });
  Object.assign(signer, { sign: other.sign });
  log.write(outcome("r"));
  await expect(log.checkpoint()).rejects.toMatchObject({ code: "unavailable" });
  await log.close();
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1]);
});

test("a slow signer holds up no record, and what waits for it does not pile up", async () => {
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer, checkpointRecords: 1 });
  let asked = 0;
  const gate = Promise.withResolvers<void>();
  signer.before = () => {
    asked++;
    return gate.promise;
  };
  for (let i = 0; i < 50; i++) {
    log.write(outcome(`r${i}`));
    await log.durable();
  }
  expect(asked).toBe(1);
  gate.resolve();
  await log.close();
  expect(asked).toBeLessThan(6);
  expect(expectProvable(dir).at(-1)?.size).toBe(leavesOf(dir).length);
});

test("a stop does not wait for a signer that is away; the next start signs what was left", async () => {
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer });
  signer.works = false;
  log.write(outcome("r"));
  await log.close();
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1]);
  signer.works = true;
  await (await openAuditLog({ dir, server: "test", signer })).close();
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1, 4, 5]);
});

test("refuses new calls when too many records wait to be signed, and lets those that run end", async () => {
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer });
  const gate = Promise.withResolvers<void>();
  signer.before = () => gate.promise;
  let written = 0;
  const refusal = expect.objectContaining({ code: "unavailable" });
  expect(() => {
    for (; written < 20_000; written++) log.write({ type: "weakening", detail: { n: written } });
  }).toThrow(refusal);
  expect(written).toBeGreaterThan(7_900);
  expect(written).toBeLessThan(8_001);
  for (let i = 0; i < 1_000; i++) log.write(outcome(`r${i}`));
  gate.resolve();
  await log.checkpoint();
  log.write({ type: "weakening" });
  await log.close();
  expect(expectProvable(dir).at(-1)?.size).toBe(leavesOf(dir).length);
});

test("begins no new segment while the end of the one before is not signed", async () => {
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer, maxSegmentBytes: 64 * 1024 });
  const gate = Promise.withResolvers<void>();
  signer.before = () => gate.promise;
  const fill = async (): Promise<void> => {
    for (let i = 0; i < 1000; i++) log.write(outcome(`r${i}`));
    await log.durable();
  };
  await fill();
  expect(segmentsOf(dir)).toHaveLength(2);
  gate.resolve();
  await log.checkpoint();
  await fill();
  expect(segmentsOf(dir).length).toBeGreaterThan(2);
  await log.close();
  expectProvable(dir);
});

test("a stop does not wait for a signer that hangs, and what it signs later is not written", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const dir = temporaryFolder();
  const signer = switchedSigner();
  const log = await openAuditLog({ dir, server: "test", signer });
  const gate = Promise.withResolvers<void>();
  signer.before = () => gate.promise;
  log.write(outcome("r"));
  const checkpoint = log.checkpoint();
  checkpoint.catch(() => undefined);
  await log.durable();
  let closed = false;
  const closing = log.close().then(() => {
    closed = true;
  });
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1000);
    expect(closed).toBe(true);
  });
  await closing;
  const before = expectProvable(dir);
  gate.resolve();
  await expect(checkpoint).rejects.toMatchObject({ code: "unavailable" });
  expect(expectProvable(dir)).toEqual(before);
  signer.before = () => undefined;
  await (await openAuditLog({ dir, server: "test", signer })).close();
  expectProvable(dir);
});
