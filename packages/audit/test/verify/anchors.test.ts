import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAnchor, readAnchorNotes, verifyAuditLog } from "../../src/index.ts";
import { GENESIS } from "../../src/record/leaf.ts";
import { edit, OWNER, sampleLog, THIEF } from "../support/attack.ts";
import { buildLog, checkpointFile, linesOf, notesOf, segmentFile } from "../support/build-log.ts";
import { temporaryFolder } from "../support.ts";

const keys = [OWNER.key];
const FILES = [0, 21, 34].map(checkpointFile);

/** The sample, and a file of all its checkpoints, kept elsewhere. */
function anchored(): { dir: string; kept: string } {
  const dir = join(temporaryFolder(), "log");
  sampleLog(dir);
  const kept = join(temporaryFolder(), "anchors.txt");
  for (const file of FILES) for (const note of notesOf(dir, file)) appendFileSync(kept, `${note}\n`);
  return { dir, kept };
}

/** Cuts records and checkpoints alike, back to a checkpoint: what nobody can see in the folder. */
function cutBoth(dir: string): void {
  rmSync(join(dir, segmentFile(34)));
  rmSync(join(dir, checkpointFile(34)));
}

test("a log agrees with the notes that were kept of it", async () => {
  const { dir, kept } = anchored();
  const report = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(report).toMatchObject({ status: "intact", logs: [{ anchorsMatched: 6 }], problems: [], warnings: [] });
});

test("records and checkpoints cut off together are found by a note, and by a head", async () => {
  const { dir, kept } = anchored();
  const head = (await verifyAuditLog(dir)).logs[0]?.head;
  cutBoth(dir);
  expect((await verifyAuditLog(dir, { keys })).status).toBe("intact");
  const byNote = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(byNote).toMatchObject({
    status: "shorter",
    logs: [{ shorterThan: 42, anchorsMatched: 5, firstBad: undefined }],
  });
  expect(await verifyAuditLog(dir, { keys, anchors: [head!] })).toMatchObject({
    status: "shorter",
    logs: [{ shorterThan: 42 }],
  });
});

test("a log written anew with the same key differs from its notes and heads", async () => {
  const { dir, kept } = anchored();
  const { hash } = JSON.parse(linesOf(dir)[10]!);
  rmSync(dir, { recursive: true });
  const log = buildLog(dir);
  log.calls(4);
  log.own("log.stopped");
  log.calls(30);
  log.checkpoint();
  expect((await verifyAuditLog(dir, { keys })).status).toBe("intact");
  const reason = "the record differs from the anchor: the log was rewritten";
  const byNote = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(byNote.logs[0]?.firstBad).toMatchObject({ seq: 10, reason });
  const byHead = await verifyAuditLog(dir, { keys, anchors: [parseAnchor(`10:${hash}`)] });
  expect(byHead.logs[0]?.firstBad).toMatchObject({ seq: 10, reason });
});

test("a log signed anew with another key is found by a note, also when signing.pub was replaced with it", async () => {
  const { dir, kept } = anchored();
  rmSync(dir, { recursive: true });
  sampleLog(dir, undefined, THIEF);
  expect((await verifyAuditLog(dir)).status).toBe("intact");
  const { status } = await verifyAuditLog(dir, { anchors: readAnchorNotes(kept) });
  expect(status).toBe("tampered");
});

test("a note whose root is right and whose signature is nobody's means that the keys were replaced", async () => {
  const { dir } = anchored();
  const kept = join(temporaryFolder(), "anchors.txt");
  const twin = join(temporaryFolder(), "log");
  const log = buildLog(twin);
  log.calls(5);
  // The same records up to here, signed by somebody else.
  writeFileSync(kept, log.checkpoint(THIEF));
  const { logs } = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(logs[0]?.firstBad?.reason).toBe(
    "an anchor of this log is signed by none of the trusted keys: the keys were replaced",
  );
});

test("two anchors for one record cannot both hold", async () => {
  const { dir } = anchored();
  const { hash } = JSON.parse(linesOf(dir)[10]!);
  const anchors = [
    { seq: 10, hash },
    { seq: 10, hash: "x".repeat(43) },
  ];
  expect((await verifyAuditLog(dir, { keys, anchors })).status).toBe("tampered");
});

test("with an anchor, a log that nobody signed is not intact", async () => {
  const { dir } = anchored();
  const { hash } = JSON.parse(linesOf(dir)[0]!);
  rmSync(dir, { recursive: true });
  buildLog(dir).flush();
  rmSync(join(dir, checkpointFile(0)));
  expect((await verifyAuditLog(dir)).status).toBe("intact");
  const { logs } = await verifyAuditLog(dir, { anchors: [{ seq: 0, hash }] });
  expect(logs[0]?.firstBad?.reason).toContain("nothing in this log is signed");
});

test("notes of other logs are passed over, and named", async () => {
  const { dir, kept } = anchored();
  const other = buildLog(join(temporaryFolder(), "log"), { id: "other/1" });
  appendFileSync(kept, `${other.checkpoint()}\nno checkpoint\n\n\u2014 x AAAAAAAA\n\n`);
  const report = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(report).toMatchObject({ status: "intact", logs: [{ anchorsMatched: 6 }] });
  expect(report.warnings).toEqual(["not in this folder: 1 other log(s) of which there are anchors: other/1"]);
});

test("a folder of which no note speaks was replaced as a whole", async () => {
  const { kept } = anchored();
  const dir = temporaryFolder();
  sampleLog(dir, "test/BBBBBBBBBBBBBBBBBBBBBB");
  const { status, problems } = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(problems).toEqual([expect.stringContaining("no anchor speaks of a log in this folder")]);
  expect(status).toBe("tampered");
});

test("notes are sorted out among the logs of a shared folder; heads have to name one", async () => {
  const dir = temporaryFolder();
  const kept = join(temporaryFolder(), "anchors.txt");
  for (const slot of ["0", "1"]) {
    const log = buildLog(join(dir, slot), { keysDir: dir, id: `test/${slot}` });
    log.calls(4);
    appendFileSync(kept, `${log.checkpoint()}\n`);
  }
  const anchors = readAnchorNotes(kept);
  expect(await verifyAuditLog(dir, { keys, anchors })).toMatchObject({
    status: "intact",
    logs: [{ anchorsMatched: 1 }, { anchorsMatched: 1 }],
  });
  rmSync(join(dir, "1", checkpointFile(0)));
  edit(join(dir, "1"), 0, (lines) => lines.slice(0, 1));
  expect((await verifyAuditLog(dir, { anchors })).logs.map(({ status }) => status)).toEqual(["intact", "tampered"]);
  await expect(verifyAuditLog(dir, { anchors: [{ seq: 0, hash: GENESIS }] })).rejects.toMatchObject({
    code: "invalid",
  });
});

test("the last note of a file need not have its empty line, nor its line feed", async () => {
  const { dir } = anchored();
  const note = notesOf(dir, checkpointFile(34))[0]!;
  const path = join(temporaryFolder(), "one.txt");
  for (const text of [note, note.trimEnd(), `${note}\n`]) {
    writeFileSync(path, text);
    expect(readAnchorNotes(path)).toMatchObject([{ size: 42 }]);
  }
});

test.each<[string, string]>([
  ["nothing", ""],
  ["no note", "all is well\n"],
  ["half a note at the end", "test/A\n1\n"],
  ["an endless text", "x".repeat(100_000)],
])("refuses a file with %s as anchors", (_, text) => {
  const path = join(temporaryFolder(), "anchors.txt");
  writeFileSync(path, text);
  expect(() => readAnchorNotes(path)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test.each(["", "1", "1:x", `-1:${GENESIS}`, `1:${GENESIS}A`, `1e3:${GENESIS}`])("refuses %j as an anchor", (text) => {
  expect(() => parseAnchor(text)).toThrow(expect.objectContaining({ code: "invalid" }));
});
