import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { verifyAuditLog } from "../../src/index.ts";
import { edit, OWNER, rehash, SIZE, sampleLog } from "../support/attack.ts";
import { buildLog, checkpointFile, linesOf, segmentFile } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";

const keys = [OWNER.key];
const FIRST = segmentFile(0);

test("finds an untouched log intact and says what it saw", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  const { log, hash } = JSON.parse(linesOf(dir, 34).at(-1)!);
  const { name, id, text } = OWNER.key;
  expect(await verifyAuditLog(dir, { keys })).toEqual({
    status: "intact",
    records: SIZE,
    logs: [
      {
        dir,
        status: "intact",
        logId: log,
        from: 0,
        records: SIZE,
        head: { seq: SIZE - 1, hash },
        firstBad: undefined,
        checkpoints: 6,
        signed: SIZE,
        unsigned: 0,
        keysFrom: "given",
        keys: [{ name, id, text, from: "given", firstSize: 1, lastSize: SIZE }],
        anchorsMatched: 0,
        shorterThan: undefined,
        unfinished: 0,
        unfinishedSeqs: [],
        warnings: [],
      },
    ],
    problems: [],
    warnings: [],
  });
});

test("a new log that was not signed yet is intact with a warning, and not when a key is given", async () => {
  const dir = temporaryFolder();
  buildLog(dir).flush();
  rmSync(join(dir, checkpointFile(0)));
  const { status, logs } = await verifyAuditLog(dir);
  expect(status).toBe("intact");
  expect(logs[0]?.warnings).toEqual([
    "nothing is signed yet: whoever may write to the folder could have written all of it",
  ]);
  expect((await verifyAuditLog(dir, { keys })).status).toBe("tampered");
  expect((await verifyAuditLog(dir, { maxUnsigned: 0 })).status).toBe("tampered");
});

test.each<[string, (lines: string[]) => string[], number]>([
  ["a changed first record", (l) => l.with(0, l[0]!.replace('"pid"', '"pit"')), 0],
  ["a changed last record of a segment", (l) => l.with(20, l[20]!.replace("ok", "OK")), 20],
  ["a changed hash", (l) => l.with(20, l[20]!.replace(/.{5}$/, 'A"}')), 20],
  ["an empty line", (l) => l.toSpliced(7, 0, ""), 7],
  ["white space", (l) => l.with(7, l[7]!.replace(":", ": ")), 7],
  ["a carriage return", (l) => l.with(7, `${l[7]}\r`), 7],
  ["a byte order mark", (l) => l.with(0, `\xef\xbb\xbf${l[0]}`), 0],
  ["a line longer than any record", (l) => l.with(7, "x".repeat(2_000_000)), 7],
  ["JSON of another kind", (l) => l.with(7, rehash("null")), 7],
])("finds %s", async (_, change, seq) => {
  const dir = temporaryFolder();
  sampleLog(dir);
  edit(dir, 0, change);
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(status).toBe("tampered");
  expect(logs[0]?.firstBad).toMatchObject({ file: FIRST, seq, line: seq + 1 });
});

test("any cut of the newest segment is a log shorter than it was signed", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  const path = join(dir, segmentFile(34));
  const bytes = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      writeFileSync(path, bytes.subarray(0, length));
      expect((await verifyAuditLog(dir, { keys })).status).toBe("shorter");
    }),
    { numRuns: 60 },
  );
});

test("notes a torn end and counts calls without an outcome", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(2);
  log.flush();
  const lines = linesOf(dir);
  truncateSync(join(dir, FIRST), readFileSync(join(dir, FIRST)).length - lines.at(-1)!.length - 1 + 100);
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(status).toBe("intact");
  expect(logs[0]).toMatchObject({ unsigned: 3, unfinished: 1, unfinishedSeqs: [3] });
  expect(logs[0]?.warnings).toEqual([expect.stringContaining("100 bytes of an unfinished record")]);
});

test("is unreadable without a folder, without records, behind a link", async () => {
  const dir = temporaryFolder();
  expect((await verifyAuditLog(join(dir, "none"))).status).toBe("unreadable");
  expect((await verifyAuditLog(dir)).status).toBe("unreadable");
  symlinkSync("/dev/zero", join(dir, FIRST));
  expect((await verifyAuditLog(dir)).status).toBe("unreadable");
  mkdirSync(join(dir, "0"));
  expect((await verifyAuditLog(join(dir, "0"))).status).toBe("unreadable");
});

test.each(["checkpoints", "pruned.txt", "signing.pub"])("follows no link in place of %s", async (name) => {
  const dir = temporaryFolder();
  sampleLog(dir);
  const path = join(dir, name === "checkpoints" ? checkpointFile(0) : name);
  rmSync(path, { force: true });
  symlinkSync("/dev/zero", path);
  expect(["unreadable", "tampered"]).toContain((await verifyAuditLog(dir)).status);
});

test("a flood of lines without sense ends at the first", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  writeFileSync(join(dir, FIRST), Buffer.alloc(5_000_000, "\n"));
  expect((await verifyAuditLog(dir)).logs[0]?.firstBad).toMatchObject({ seq: 0, line: 1 });
});

test("a flood of text in place of checkpoints ends at the first", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  writeFileSync(join(dir, checkpointFile(0)), Buffer.alloc(5_000_000, "x"));
  expect((await verifyAuditLog(dir)).logs[0]?.firstBad).toMatchObject({ file: checkpointFile(0), line: 1 });
});

test("a sub-log that was removed is missed when a later one exists", async () => {
  const dir = temporaryFolder();
  for (const slot of ["0", "1"]) buildLog(join(dir, slot), { keysDir: dir, id: `test/${slot}` }).stop();
  rmSync(join(dir, "0"), { recursive: true });
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(status).toBe("tampered");
  expect(logs[0]?.firstBad?.reason).toBe("the sub-log is missing though a later one exists");
});

test("checks a log while it is written: what is signed meanwhile is no sign of a cut", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(10_000);
  log.checkpoint();
  // Each breath of the verifier, the log goes on, with checkpoints, and into new segments.
  let turns = 0;
  const onProgress = () => {
    if (++turns > 20) return;
    log.calls(500);
    if (turns % 4 === 0) log.roll();
    log.checkpoint();
  };
  const report = await verifyAuditLog(dir, { keys, onProgress });
  expect(turns).toBeGreaterThan(4);
  expect(report.logs[0]).toMatchObject({ status: "intact", firstBad: undefined });
});

test("lets others run, however small the segments are", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  for (let i = 0; i < 20; i++) {
    log.calls(500);
    log.roll();
  }
  log.stop();
  let turns = 0;
  await verifyAuditLog(dir, { keys, onProgress: () => turns++ });
  expect(turns).toBeGreaterThan(2);
});
