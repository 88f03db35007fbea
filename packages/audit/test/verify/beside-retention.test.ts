import { expect, test } from "vitest";
import { checkProof, proveRecord, verifyAuditLog } from "../../src/index.ts";
import { besideRetention } from "../../src/verify/beside-retention.ts";
import { edit, OWNER, rehash } from "../support/attack.ts";
import { buildLog, type LogBuilder } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";

const keys = [OWNER.key];

/** Nine segments, and where each begins. The verifier takes its first breath in the first of them. */
function manySegments(dir: string): { log: LogBuilder; starts: readonly number[] } {
  const log = buildLog(dir);
  const starts = [0];
  for (let i = 0; i < 8; i++) {
    log.calls(3);
    log.roll();
    starts.push(log.size - 1);
  }
  log.checkpoint();
  return { log, starts };
}

test("a log that deletes segments while it is verified is verified again", async () => {
  const dir = temporaryFolder();
  const { log, starts } = manySegments(dir);
  let turns = 0;
  const onProgress = () => {
    if (++turns === 1) log.prune(starts[3]!);
  };
  const { status, logs } = await verifyAuditLog(dir, { keys, onProgress });
  expect(logs[0]).toMatchObject({ warnings: [], from: starts[3], head: { seq: log.size - 1 } });
  expect(status).toBe("intact");
});

test("a change in it is found none the less", async () => {
  const dir = temporaryFolder();
  const { log, starts } = manySegments(dir);
  edit(dir, starts[5]!, (lines) => lines.with(1, rehash(lines[1]!.replace('"u-1"', '"u-2"'))));
  let turns = 0;
  const onProgress = () => {
    if (++turns === 1) log.prune(starts[3]!);
  };
  const { logs } = await verifyAuditLog(dir, { keys, onProgress });
  expect(logs[0]).toMatchObject({ status: "tampered", from: starts[3], firstBad: { seq: starts[5]! + 2 } });
});

test("a log that deletes segments while a proof is made of it gives a proof", async () => {
  const dir = temporaryFolder();
  const { log, starts } = manySegments(dir);
  // Up to its first breath the proof is made before this goes on.
  const proving = proveRecord(dir, starts[6]!, { keys });
  log.prune(starts[3]!);
  expect(checkProof(await proving, keys)).toMatchObject({ good: true, seq: starts[6], to: log.size });
});

test.each<[string, (log: LogBuilder, starts: readonly number[], run: number) => void, number]>([
  ["three times at most", (log, starts, run) => log.prune(starts[run]!), 3],
  ["again when a segment was added: pruned.txt may speak of it already", (log, _, run) => run === 1 && log.roll(), 2],
  ["once when only records are added", (log) => log.calls(1), 1],
  ["once when nothing changes", () => {}, 1],
])("a log that is not good is read %s", async (_, change, times) => {
  const dir = temporaryFolder();
  const { log, starts } = manySegments(dir);
  let runs = 0;
  const attempt = async () => {
    change(log, starts, ++runs);
    log.flush();
    return "bad";
  };
  expect(await besideRetention(dir, attempt, (result) => result === "good")).toBe("bad");
  expect(runs).toBe(times);
});

test("a log that is good is read once, and a folder that cannot be read, too", async () => {
  const dir = temporaryFolder();
  const { log, starts } = manySegments(dir);
  let runs = 0;
  await besideRetention(
    dir,
    async () => log.prune(starts[++runs]!),
    () => true,
  );
  await besideRetention(
    `${dir}/none`,
    async () => ++runs,
    () => false,
  );
  expect(runs).toBe(2);
});
