import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { checkpointText } from "../../src/note/checkpoint.ts";
import { sampleLog, THIEF } from "../support/attack.ts";
import { buildLog, checkpointFile, linesOf, notesOf, putNotes, signNote } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";
import { CHAINED_ANEW, CHECKPOINTS, cutTo, keys, OTHER_KEY, RECORDS, SECOND, SEGMENTS, THIRD } from "./attacks.ts";

test.each([...RECORDS, ...CHAINED_ANEW, ...CHECKPOINTS, ...SEGMENTS])(
  "finds %s",
  async (_, attack, file, seq, reason) => {
    const dir = join(temporaryFolder(), "log");
    sampleLog(dir);
    attack(dir);
    const { status, logs } = await verifyAuditLog(dir, { keys });
    expect(logs[0]?.firstBad).toMatchObject({ file, seq, reason });
    expect(status).toBe("tampered");
  },
);

test.each<[string, (dir: string) => void, number]>([
  ["the last records", (d) => cutTo(d, 3), 42],
  ["the last records to the end of a segment", (d) => cutTo(d, 0), 42],
  ["the newest segment", (d) => rmSync(join(d, THIRD)), 42],
  [
    "the newest segments",
    (d) => {
      rmSync(join(d, THIRD));
      rmSync(join(d, SECOND));
    },
    42,
  ],
])("finds that the log is shorter than it was signed without %s", async (_, attack, size) => {
  const dir = join(temporaryFolder(), "log");
  sampleLog(dir);
  attack(dir);
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(logs[0]).toMatchObject({ status: "shorter", firstBad: undefined, shorterThan: size });
  expect(status).toBe("shorter");
});

test("a checkpoint beyond the end that somebody else signed does not make the log shorter, but tampered", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  const { log } = JSON.parse(linesOf(dir)[0]!);
  const note = signNote(checkpointText({ origin: log, size: 50, root: "A".repeat(43) }), THIEF);
  appendFileSync(join(dir, checkpointFile(34)), `${note}\n`);
  const { logs } = await verifyAuditLog(dir, { keys });
  expect(logs[0]?.firstBad).toMatchObject({ file: checkpointFile(34), reason: OTHER_KEY });
});

test("checkpoints cut off at the end leave records that the report counts as unsigned", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  rmSync(join(dir, checkpointFile(34)));
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(status).toBe("intact");
  expect(logs[0]).toMatchObject({ signed: 34, unsigned: 8 });
});

test("more unsigned records than a log leaves are tampering", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(5001);
  log.flush();
  const reason =
    "the last 10002 records are not signed, and a log leaves 10000 at most: checkpoints were cut off, or signing failed";
  const { logs } = await verifyAuditLog(dir, { keys });
  expect(logs[0]?.firstBad).toMatchObject({ seq: 1, reason });
  expect((await verifyAuditLog(dir, { keys, maxUnsigned: 20_000 })).status).toBe("intact");
});

test("a checkpoint removed from the middle is harmless: a later one speaks of the same records", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  putNotes(dir, checkpointFile(0), notesOf(dir, checkpointFile(0)).toSpliced(1, 1));
  expect(await verifyAuditLog(dir, { keys })).toMatchObject({
    status: "intact",
    logs: [{ checkpoints: 5, signed: 42 }],
  });
});

test("records and checkpoints cut off together look intact without an anchor: the documented limit", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  rmSync(join(dir, THIRD));
  rmSync(join(dir, checkpointFile(34)));
  expect((await verifyAuditLog(dir, { keys })).status).toBe("intact");
});

test("the end of a segment may be unsigned right after a crash, not once a later start went on", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(3);
  log.roll({ unsigned: true });
  log.calls(1);
  log.flush();
  const first = await verifyAuditLog(dir, { keys });
  expect(first).toMatchObject({ status: "intact", logs: [{ signed: 1, unsigned: 9 }] });
  expect(first.logs[0]?.warnings).toEqual([expect.stringContaining("at the end of the segment is missing")]);
  log.own("log.opened");
  log.flush();
  expect((await verifyAuditLog(dir, { keys })).status).toBe("intact");
  log.calls(1);
  log.flush();
  const reason = "the checkpoint at the end of the segment is missing, though the log went on: it was removed";
  expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad).toMatchObject({ seq: 1, reason });
});

test("no log begins a segment while the end of the one before is unsigned: two such ends are tampering", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(3);
  log.roll({ unsigned: true });
  log.calls(3);
  log.roll({ unsigned: true });
  log.calls(1);
  log.flush();
  const reason = "the checkpoint at the end of the segment is missing, though the log went on: it was removed";
  const file = checkpointFile(0);
  expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad).toMatchObject({ file, seq: 1, reason });
});

test("half a checkpoint behind the end of an older segment is what a crash left, and harmless", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  appendFileSync(join(dir, checkpointFile(0)), "test/AA");
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(status).toBe("intact");
  expect(logs[0]?.warnings).toEqual([expect.stringContaining("7 bytes of an unfinished checkpoint")]);
});

test("half a checkpoint at the end is a crash, other bytes are not", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  const path = join(dir, checkpointFile(34));
  const whole = readFileSync(path);
  for (const cut of [1, 2, 30, 100, whole.length - 1]) {
    writeFileSync(path, whole.subarray(0, whole.length - cut));
    const { status, logs } = await verifyAuditLog(dir, { keys });
    expect(status).toBe("intact");
    expect(logs[0]?.warnings).toEqual([expect.stringContaining("unfinished checkpoint")]);
  }
  writeFileSync(path, "all is well");
  expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad).toMatchObject({
    file: checkpointFile(34),
    reason: "bytes follow the last checkpoint",
  });
});

test("records that went on for longer than a log leaves unsigned cannot be written in place of the ones that were", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  for (let i = 0; i < 17; i++) {
    log.calls(1);
    log.pass(60_000);
  }
  log.flush();
  const { logs } = await verifyAuditLog(dir, { keys });
  expect(logs[0]?.firstBad).toMatchObject({
    seq: 1,
    reason:
      "the last 34 records are not signed, and they took 960 s, where a log signs within 900: checkpoints were cut off, or signing failed",
  });
  expect((await verifyAuditLog(dir, { keys, maxUnsignedMs: 1_000_000 })).status).toBe("intact");
});

test("nor can they be spread over many starts, each of which would have signed", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  for (let i = 0; i < 11; i++) {
    log.pass(86_400_000);
    log.own("log.opened");
    log.calls(1);
  }
  log.flush();
  expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad?.reason).toBe(
    "the last 33 records are not signed, and the log was started 11 times there, and each start signs: checkpoints were cut off, or signing failed",
  );
});

test("a log whose signer is away says so, refuses, and may be stopped much later", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(1);
  log.own("log.unsigned", { since: 1 });
  log.pass(600_000 + 60_000);
  log.calls(1);
  log.pass(86_400_000);
  log.own("log.stopped");
  log.flush();
  expect(await verifyAuditLog(dir, { keys })).toMatchObject({ status: "intact", logs: [{ unsigned: 6 }] });
});
