import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkProof, parseAnchorNote, proveRecord, type RecordProof, tlogProof } from "../../src/index.ts";
import { edit, OWNER, sampleLog, THIEF } from "../support/attack.ts";
import { buildLog, checkpointFile, notesOf, segmentFile, signNote } from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

const keys = [OWNER.key];

function sample(): string {
  const dir = join(temporaryFolder(), "log");
  sampleLog(dir);
  return dir;
}

test("proves every record of a log, and each proof holds", async () => {
  const dir = sample();
  for (let seq = 0; seq < 42; seq++) {
    const proof = await proveRecord(dir, seq, { keys });
    const from = [1, 11, 21, 30, 34, 42].find((size) => size > seq);
    expect(JSON.parse(proof.record).seq).toBe(seq);
    expect(checkProof(JSON.parse(JSON.stringify(proof)), keys)).toEqual({
      good: true,
      log: proof.log,
      seq,
      from,
      to: 42,
    });
  }
});

test("proves records of logs of any size, from any checkpoint", async () => {
  const shape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(shape, fc.nat(), fc.nat(), async (parts, a, b) => {
      const dir = join(temporaryFolder(), "log");
      const log = buildLog(dir);
      for (const [i, count] of parts.entries()) {
        log.calls(count);
        if (i % 3 === 2) log.roll();
        else log.checkpoint();
      }
      log.stop();
      const notes = parts.length > 2 ? notesOf(dir, checkpointFile(0)) : [];
      const from = parseAnchorNote(notes[b % Math.max(notes.length, 1)] ?? "");
      const proof = await proveRecord(dir, a % log.size, { keys, from: from && [from] });
      expect(checkProof(proof, keys)).toMatchObject({ good: true, to: log.size });
    }),
    { numRuns: 40 },
  );
});

test("proves what is left of a log that deleted its beginning: the edge stands in for what is gone", async () => {
  for (const calls of [1, 2, 3, 4, 5, 6, 7]) {
    const dir = join(temporaryFolder(), "log");
    const log = buildLog(dir);
    log.calls(calls);
    log.roll();
    log.calls(calls + 2);
    log.checkpoint();
    log.roll();
    const to = log.size - 1;
    log.calls(3);
    log.prune(to);
    log.calls(calls);
    log.stop();
    for (let seq = to; seq < log.size; seq++) {
      expect(checkProof(await proveRecord(dir, seq, { keys }), keys)).toMatchObject({ good: true, seq });
    }
    await expect(proveRecord(dir, to - 1, { keys })).rejects.toMatchObject({
      code: "invalid",
      message: `record ${to - 1} was deleted; the log begins at record ${to}`,
    });
    const old = parseAnchorNote(notesOf(dir, "pruned.txt")[0]!)!;
    const proof = await proveRecord(dir, to, { keys, from: [old] }).catch((error: unknown) => error);
    if (proof instanceof Error) expect(proof.message).toContain("needs records that were deleted");
    else expect(checkProof(proof, keys)).toMatchObject({ good: true, from: old.size });
  }
});

test("begins at a checkpoint that was kept elsewhere", async () => {
  const dir = sample();
  const other = buildLog(join(temporaryFolder(), "log"), { id: "other/1" });
  const from = [...notesOf(dir, checkpointFile(0)).slice(0, 2), other.checkpoint()].map(
    (note) => parseAnchorNote(note)!,
  );
  expect(checkProof(await proveRecord(dir, 35, { keys, from }), keys)).toMatchObject({ good: true, from: 11, to: 42 });
});

test("is written in the form of C2SP tlog-proof", async () => {
  const proof = await proveRecord(sample(), 3, { keys });
  const [head, index, ...rest] = tlogProof(proof).split("\n");
  expect([head, index]).toEqual(["c2sp.org/tlog-proof@v1", "index 3"]);
  expect(rest.slice(0, 6)).toEqual(proof.inclusion.hashes);
  expect(rest[6]).toBe("");
  expect(rest.slice(7).join("\n")).toBe(proof.inclusion.checkpoint);
});

test.each<[string, number, (dir: string) => void, string, string]>([
  ["a record that was not signed yet", 42, () => undefined, "invalid", "no checkpoint speaks of record 42 yet"],
  ["a number that is none", -1, () => undefined, "invalid", "a record is named by its number"],
  ["half a number", 1.5, () => undefined, "invalid", "a record is named by its number"],
  ["a log that is not there", 1, (dir) => rmSync(dir, { recursive: true }), "invalid", "cannot be read"],
  ["a folder without a log", 1, (dir) => rmSync(dir, { recursive: true }), "invalid", ""],
  [
    "a log that was changed",
    3,
    (dir) => edit(dir, 0, (lines) => lines.with(7, lines[7]!.replace("u-1", "u-2"))),
    "damaged",
    "the log is tampered, and proves nothing: record 7: the content does not match its hash",
  ],
  [
    "a log that was cut",
    3,
    (dir) => writeFileSync(join(dir, segmentFile(34)), ""),
    "damaged",
    "it once had 42 records",
  ],
])("refuses %s", async (_, seq, change, code, message) => {
  const dir = sample();
  change(dir);
  await expect(proveRecord(dir, seq, { keys })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test("refuses a log of another key, and a checkpoint of another log or of the future", async () => {
  const dir = sample();
  await expect(proveRecord(dir, 3, { keys: [THIEF.key] })).rejects.toMatchObject({ code: "damaged" });
  const other = buildLog(join(temporaryFolder(), "log"), { id: "other/1" });
  await expect(proveRecord(dir, 3, { keys, from: [parseAnchorNote(other.checkpoint())!] })).rejects.toThrow(
    "none of the checkpoints",
  );
  const longer = buildLog(join(temporaryFolder(), "log"));
  longer.calls(30);
  await expect(proveRecord(dir, 3, { keys, from: [parseAnchorNote(longer.checkpoint())!] })).rejects.toThrow(
    "of size 61",
  );
});

test("a checkpoint kept elsewhere that the log does not continue is found", async () => {
  const dir = sample();
  const twin = buildLog(join(temporaryFolder(), "log"));
  twin.calls(2);
  twin.own("log.stopped");
  await expect(proveRecord(dir, 3, { keys, from: [parseAnchorNote(twin.checkpoint())!] })).rejects.toThrow(
    "was rewritten",
  );
});

test("a proof across a change of key needs both keys", async () => {
  const dir = join(temporaryFolder(), "log");
  const next = testSigner("key-2");
  const log = buildLog(dir);
  log.calls(2);
  log.checkpoint();
  log.rotateKey(next);
  log.calls(2);
  log.stop();
  const proof = await proveRecord(dir, 3, { keys });
  expect(proof.keys).toEqual([OWNER.key.text, next.key.text]);
  expect(checkProof(proof, `${OWNER.key.text}\n${next.key.text}`)).toMatchObject({ good: true });
  expect(checkProof(proof, [next.key])).toMatchObject({
    good: false,
    reason: expect.stringContaining("give the older key"),
  });
  expect(checkProof(proof, keys)).toMatchObject({ good: false, reason: expect.stringContaining("newest checkpoint") });
});

const flip = (text: string, at: number) => text.replace(text[at]!, text[at] === "A" ? "B" : "A");
const hash32 = "A".repeat(43).concat("=");

/** The same size and root, said of another log by the same owner. */
const ofOther = (note: string) =>
  signNote(note.slice(0, note.indexOf("\n\n") + 1).replace(/^[^\n]*/, "other/1"), OWNER);
/** The owner's signature, and one more of their name that they did not make. */
const halfForged = (note: string) => `${note}${note.slice(note.indexOf("\n\n") + 2).replace(/.{8}\n$/, "AAAAAAA=\n")}`;

test.each<[string, (proof: RecordProof) => unknown, string]>([
  [
    "another log's newest checkpoint",
    (p) => ({ ...p, inclusion: { ...p.inclusion, checkpoint: ofOther(p.inclusion.checkpoint) } }),
    "belongs to another log",
  ],
  [
    "another log's earlier checkpoint",
    (p) => ({ ...p, consistency: { ...p.consistency, checkpoint: ofOther(p.consistency.checkpoint) } }),
    "belongs to another log",
  ],
  [
    "a forged signature beside a good one",
    (p) => ({ ...p, inclusion: { ...p.inclusion, checkpoint: halfForged(p.inclusion.checkpoint) } }),
    "signed by none",
  ],
  ["nothing", () => null, "this is no proof"],
  ["another format", (p) => ({ ...p, format: "x" }), "this is no proof"],
  ["hashes that are no list", (p) => ({ ...p, inclusion: { ...p.inclusion, hashes: hash32 } }), "this is no proof"],
  [
    "an endless path",
    (p) => ({ ...p, inclusion: { ...p.inclusion, hashes: Array(65).fill(hash32) } }),
    "this is no proof",
  ],
  ["a changed record", (p) => ({ ...p, record: p.record.replace("u-1", "u-2") }), "the record was changed"],
  ["another number", (p) => ({ ...p, seq: 4 }), "another one than the proof says"],
  ["another log", (p) => ({ ...p, log: "x" }), "another one than the proof says"],
  [
    "a changed root",
    (p) => ({
      ...p,
      inclusion: { ...p.inclusion, checkpoint: p.inclusion.checkpoint.replace(/\n42\n..../, "\n42\nAAAA") },
    }),
    "signed by none of the keys",
  ],
  [
    "another size",
    (p) => ({ ...p, inclusion: { ...p.inclusion, checkpoint: p.inclusion.checkpoint.replace("\n42\n", "\n43\n") } }),
    "signed by none",
  ],
  ["no checkpoint", (p) => ({ ...p, consistency: { ...p.consistency, checkpoint: "x" } }), "a checkpoint is none"],
  [
    "a short path",
    (p) => ({ ...p, inclusion: { ...p.inclusion, hashes: p.inclusion.hashes.slice(1) } }),
    "not in the tree",
  ],
  [
    "a long path",
    (p) => ({ ...p, inclusion: { ...p.inclusion, hashes: [...p.inclusion.hashes, hash32] } }),
    "not in the tree",
  ],
  [
    "a changed path",
    (p) => ({
      ...p,
      inclusion: { ...p.inclusion, hashes: [flip(p.inclusion.hashes[0]!, 3), ...p.inclusion.hashes.slice(1)] },
    }),
    "not in the tree",
  ],
  ["a hash that is none", (p) => ({ ...p, inclusion: { ...p.inclusion, hashes: ["x"] } }), "a hash is none"],
  ["no consistency", (p) => ({ ...p, consistency: { ...p.consistency, hashes: [] } }), "does not continue"],
  [
    "a changed consistency",
    (p) => ({ ...p, consistency: { ...p.consistency, hashes: p.consistency.hashes.with(0, hash32) } }),
    "does not continue",
  ],
  [
    "the checkpoints exchanged",
    (p) => ({
      ...p,
      consistency: { ...p.consistency, checkpoint: p.inclusion.checkpoint },
      inclusion: { ...p.inclusion, checkpoint: p.consistency.checkpoint },
    }),
    "not in the tree",
  ],
])("a proof with %s is none", async (_, change, reason) => {
  const proof = await proveRecord(sample(), 3, { keys });
  expect(checkProof(proof, keys)).toMatchObject({ good: true });
  expect(checkProof(change(proof), keys)).toMatchObject({ good: false, reason: expect.stringContaining(reason) });
});
