import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAnchorNote, verifyAuditLog } from "../../src/index.ts";
import { checkpointText } from "../../src/note/checkpoint.ts";
import { edit, OWNER, rehash, THIEF } from "../support/attack.ts";
import {
  buildLog,
  checkpointFile,
  type LogBuilder,
  notesOf,
  putNotes,
  segmentFile,
  signNote,
} from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

const keys = [OWNER.key];

/** Segments at 0, 8, 16 and 24; those before `to` are deleted. */
function prunedLog(dir: string, to = 16, fake = {}): LogBuilder {
  const log = buildLog(dir);
  log.calls(3);
  log.own("log.stopped");
  for (let i = 0; i < 3; i++) {
    log.roll();
    log.calls(3);
    if (i < 2) log.own("log.stopped");
  }
  log.checkpoint();
  log.prune(to, fake);
  log.stop();
  return log;
}

test("a log that deleted its own beginning is intact from there on", async () => {
  const dir = temporaryFolder();
  prunedLog(dir);
  expect(await verifyAuditLog(dir, { keys })).toMatchObject({
    status: "intact",
    records: 17,
    logs: [{ from: 16, signed: 33, head: { seq: 32 }, keys: [{ firstSize: 16 }] }],
  });
});

test("a crash before the segments were deleted, or between two of them, leaves more than it had to", async () => {
  const dir = temporaryFolder();
  prunedLog(dir, 8, { to: 24, root: undefined });
  expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad?.reason).toContain("has another root");
  const crashed = temporaryFolder();
  const log = prunedLog(crashed, 8);
  log.own("log.pruned", { from: 8, to: 16, root: notesRoot(crashed, checkpointFile(8)), why: "age" });
  log.checkpoint();
  expect(await verifyAuditLog(crashed, { keys })).toMatchObject({ status: "intact", logs: [{ from: 8 }] });
});

const notesRoot = (dir: string, file: string) =>
  Buffer.from(notesOf(dir, file).at(-1)!.split("\n")[2]!, "base64").toString("base64url");

const deleteFirst = (dir: string) => {
  rmSync(join(dir, segmentFile(16)));
  rmSync(join(dir, checkpointFile(16)));
};
const changePruned = (dir: string, change: (notes: string[]) => string[]) =>
  putNotes(dir, "pruned.txt", change(notesOf(dir, "pruned.txt")));

test.each<[string, (dir: string) => void, string, string]>([
  [
    "one more segment removed",
    deleteFirst,
    "pruned.txt",
    "records 0 to 23 are missing, and pruned.txt has no checkpoint of size 24: the first segments were removed",
  ],
  [
    "one more segment removed, and its checkpoint put into pruned.txt",
    (dir) => {
      const note = notesOf(dir, checkpointFile(16)).at(-1)!;
      changePruned(dir, (notes) => [...notes, note]);
      deleteFirst(dir);
    },
    segmentFile(24),
    "records 0 to 23 are missing, and no signed record says that the log deleted them: the first segments were removed",
  ],
  [
    "pruned.txt removed",
    (dir) => rmSync(join(dir, "pruned.txt")),
    "pruned.txt",
    "records 0 to 15 are missing, and pruned.txt has no checkpoint of size 16: the first segments were removed",
  ],
  [
    "the last checkpoint of pruned.txt forged with another key",
    (dir) => changePruned(dir, ([a = "", b = ""]) => [a, signNote(b.slice(0, b.indexOf("\n\n") + 1), THIEF)]),
    "pruned.txt",
    "the checkpoint is signed by an unknown key: if the key was changed before record 16, the change was deleted with what came before, so give the newer key; otherwise it was forged with another key",
  ],
  [
    "an earlier checkpoint of pruned.txt with another root",
    (dir) => changePruned(dir, ([a = "", b = ""]) => [a.replace(/\n8\n..../, "\n8\nAAAA"), b]),
    "pruned.txt",
    "the checkpoint's signature is forged, or the checkpoint was changed",
  ],
  [
    "checkpoints of pruned.txt swapped",
    (dir) => changePruned(dir, (notes) => notes.reverse()),
    "pruned.txt",
    "the checkpoints are not in order: one was moved or doubled",
  ],
  [
    "a checkpoint of another log in pruned.txt",
    (dir) =>
      changePruned(dir, (notes) => [
        signNote(checkpointText({ origin: "x", size: 1, root: "A".repeat(43) }), OWNER),
        ...notes,
      ]),
    "pruned.txt",
    "the checkpoint belongs to another log",
  ],
  [
    "another edge of the tree, which fits its root, in the first record that is left",
    (dir) =>
      edit(dir, 16, (lines) => {
        const record = JSON.parse(lines[0]!);
        record.detail = { size: 16, root: "A".repeat(43), "frontier.0": "A".repeat(43) };
        return lines.with(0, rehash(JSON.stringify(record)));
      }),
    "pruned.txt",
    "the first segment's edge is not what was signed: its beginning was replaced",
  ],
  [
    "an edge that does not fit its root",
    (dir) => edit(dir, 16, (lines) => lines.with(0, rehash(lines[0]!.replace(/"root":"..../, '"root":"AAAA')))),
    segmentFile(16),
    "the segment's edge of the tree does not fit the records before it",
  ],
])("finds %s", async (_, attack, file, reason) => {
  const dir = temporaryFolder();
  prunedLog(dir);
  attack(dir);
  const { status, logs } = await verifyAuditLog(dir, { keys });
  expect(logs[0]?.firstBad).toMatchObject({ file, reason });
  expect(status).toBe("tampered");
});

test("a record of deletion that nobody signed allows nothing: anybody can write one", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(3);
  log.roll();
  log.calls(2);
  log.checkpoint();
  log.own("log.pruned", { from: 0, to: 7, root: notesRoot(dir, checkpointFile(0)), why: "age" });
  log.flush();
  putNotes(dir, "pruned.txt", notesOf(dir, checkpointFile(0)).slice(-1));
  rmSync(join(dir, segmentFile(0)));
  rmSync(join(dir, checkpointFile(0)));
  const { logs } = await verifyAuditLog(dir, { keys });
  expect(logs[0]?.firstBad?.reason).toContain("no signed record says that the log deleted them");
});

test.each([[{ from: 8, to: 4 }], [{ from: 0, to: 99 }], [{ from: "0", to: 16 }]])(
  "a record of deletion with %j is none",
  async (fake) => {
    const dir = temporaryFolder();
    prunedLog(dir, 16, fake);
    expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad?.reason).toBe(
      "the record of deleted segments names records that cannot have been deleted",
    );
  },
);

test("a key whose checkpoints were all deleted has still signed something", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  const next = testSigner("key-2");
  log.calls(3);
  log.rotateKey(next);
  log.roll();
  log.calls(2);
  log.roll();
  const to = log.size - 1;
  log.calls(2);
  log.prune(to);
  expect((await verifyAuditLog(dir, { keys: [next.key] })).status).toBe("intact");
  expect((await verifyAuditLog(dir, { keys: [OWNER.key] })).status).toBe("tampered");
});

/** Signed by key-1, then by key-2; the change of key is deleted. */
function changeDeleted(dir: string) {
  const log = buildLog(dir);
  const next = testSigner("key-2");
  log.calls(3);
  const old = log.checkpoint();
  log.rotateKey(next);
  log.calls(1);
  log.roll();
  const to = log.size - 1;
  log.calls(2);
  log.prune(to);
  log.calls(2);
  const newest = log.checkpoint();
  return { log, next, to, notes: { old: parseAnchorNote(old)!, newest: parseAnchorNote(newest)! } };
}

test("anchors of what was deleted are not judged by trust: their key may have been changed and the change deleted", async () => {
  const dir = temporaryFolder();
  const { next, notes } = changeDeleted(dir);
  const anchors = [notes.old, notes.newest];
  const { status, logs } = await verifyAuditLog(dir, { keys: [next.key], anchors });
  expect(logs[0]?.firstBad).toBeUndefined();
  expect(status).toBe("intact");
  expect(logs[0]?.anchorsMatched).toBe(1);
  expect(logs[0]?.warnings).toContain("1 anchor(s) speak of deleted records and cannot be compared");
  // The file with all keys: nothing to doubt.
  expect((await verifyAuditLog(dir, { anchors })).status).toBe("intact");
});

test("but an anchor of what is there is, and so is any when the keys are the folder's own", async () => {
  const dir = temporaryFolder();
  const { log, next, notes, to } = changeDeleted(dir);
  const reason = "an anchor of this log is signed by none of the trusted keys: the keys were replaced";
  for (const size of [to, log.size]) {
    const root = size === to ? parseAnchorNote(notesOf(dir, "pruned.txt").at(-1)!)!.root : notes.newest.root;
    const note = parseAnchorNote(signNote(checkpointText({ origin: log.id, size, root }), THIEF))!;
    const { logs } = await verifyAuditLog(dir, { keys: [next.key], anchors: [note] });
    expect(logs[0]?.firstBad?.reason).toBe(reason);
  }
  // Who signs a log anew and replaces signing.pub may also claim that everything an anchor speaks of was deleted.
  writeFileSync(join(dir, "signing.pub"), `${next.key.text}\n`);
  const { logs } = await verifyAuditLog(dir, { anchors: [notes.old] });
  expect(logs[0]?.firstBad?.reason).toBe(reason);
});

test("with the old key alone it is not trusted once the change was deleted, and the reason says which key to give", async () => {
  const dir = temporaryFolder();
  const { next, to } = changeDeleted(dir);
  const known = await verifyAuditLog(dir, { keys: [OWNER.key] });
  expect(known.status).toBe("tampered");
  expect(known.logs[0]?.firstBad?.reason).toBe(
    `the log is signed by none of the keys that were given, nor by one that they vouch for: if the key was changed before record ${to}, the change was deleted with what came before, so give the newer key; otherwise it was signed anew with another key`,
  );
  // Without the list of keys nobody names the new one before it is met.
  rmSync(join(dir, "signing.pub"));
  const unknown = await verifyAuditLog(dir, { keys: [OWNER.key] });
  expect(unknown.logs[0]?.firstBad).toMatchObject({
    file: "pruned.txt",
    reason: `the checkpoint is signed by an unknown key: if the key was changed before record ${to}, the change was deleted with what came before, so give the newer key; otherwise it was forged with another key`,
  });
  expect((await verifyAuditLog(dir, { keys: [next.key] })).status).toBe("intact");
});

test("a key that signed only what was deleted need not have left anything, the newest one must", async () => {
  const dir = temporaryFolder();
  const { next } = changeDeleted(dir);
  const { status, logs } = await verifyAuditLog(dir, { keys: [OWNER.key, next.key] });
  expect(logs[0]?.firstBad).toBeUndefined();
  expect(status).toBe("intact");
  expect(logs[0]?.warnings).toContain(`the key ${OWNER.key.id} that was given has signed nothing in this log`);
  const reversed = await verifyAuditLog(dir, { keys: [next.key, OWNER.key] });
  expect(reversed.logs[0]?.firstBad?.reason).toContain(
    `the key ${OWNER.key.id} that was given has signed nothing here`,
  );
});

test("a log that begins right behind a change of key is signed by both there", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  const next = testSigner("key-2");
  log.calls(3);
  log.rotateKey(next);
  // The checkpoint of the change, by both keys, ends the segment.
  log.roll({ unsigned: true });
  const to = log.size - 1;
  log.calls(2);
  log.prune(to);
  expect((await verifyAuditLog(dir, { keys: [next.key] })).status).toBe("intact");
  expect((await verifyAuditLog(dir)).status).toBe("intact");
  expect((await verifyAuditLog(dir, { keys: [OWNER.key] })).status).toBe("tampered");
});

test("anchors of what was deleted are passed over, one of the very edge is compared", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(3);
  log.roll();
  log.calls(2);
  const edge = notesOf(dir, checkpointFile(0)).at(-1)!;
  log.prune(7);
  const anchor = parseAnchorNote(edge)!;
  const { status, logs } = await verifyAuditLog(dir, { keys, anchors: [anchor] });
  expect(status).toBe("intact");
  expect(logs[0]?.anchorsMatched).toBe(1);
  const other = await verifyAuditLog(dir, { keys, anchors: [{ ...anchor, root: "A".repeat(43) }] });
  expect(other.logs[0]?.firstBad?.reason).toBe("the record differs from the anchor: the log was rewritten");
  const gone = await verifyAuditLog(dir, { keys, anchors: [{ seq: 3, hash: "x".repeat(43) }] });
  expect(gone.logs[0]?.warnings).toEqual(["1 anchor(s) speak of deleted records and cannot be compared"]);
});

test("a crash between pruned.txt and the deleting of its segment is no tampering, a wrong root is", async () => {
  const dir = temporaryFolder();
  const log = prunedLog(dir, 16);
  log.own("log.pruned", { from: 16, to: 24, root: notesRoot(dir, checkpointFile(16)), why: "age" });
  log.checkpoint();
  const notes = notesOf(dir, "pruned.txt");
  putNotes(dir, "pruned.txt", [...notes, notesOf(dir, checkpointFile(16)).at(-1)!]);
  expect(await verifyAuditLog(dir, { keys })).toMatchObject({ status: "intact", logs: [{ from: 16 }] });
  const forged = signNote(checkpointText({ origin: log.id, size: 24, root: "A".repeat(43) }), OWNER);
  putNotes(dir, "pruned.txt", [...notes, forged]);
  expect((await verifyAuditLog(dir, { keys })).logs[0]?.firstBad?.reason).toBe(
    "the segment does not begin where pruned.txt says that one ended",
  );
});
