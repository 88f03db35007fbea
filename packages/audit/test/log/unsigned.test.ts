import { expect, onTestFinished, test, vi } from "vitest";
import { openAuditLog } from "../../src/index.ts";
import { expectProvable, leavesOf } from "../folder-check.ts";
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
  signer.works = true;
  await (await openAuditLog({ dir, server: "test", signer })).close();
  expectProvable(dir);
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
  const log = await openAuditLog({ dir, server: "test", signer, maxUnsignedMs: 60_000 });
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
