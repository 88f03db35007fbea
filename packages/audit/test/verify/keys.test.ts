import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseVerifierKeys, verifyAuditLog } from "../../src/index.ts";
import { edit, OWNER, rechain, sampleLog, THIEF } from "../support/attack.ts";
import { buildLog, checkpointFile, notesOf, putNotes, segmentFile } from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

const SECOND_KEY = testSigner("key-2");
const THIRD_KEY = testSigner("key-3");
const NONE_OF_GIVEN =
  "the log is signed by none of the keys that were given, nor by one that they vouch for: it was signed anew with another key";

/** Signed by key-1 up to record 7, which goes over to key-2; then one more change, to key-3, at record 14. */
function rotated(): string {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(3);
  log.rotateKey(SECOND_KEY);
  log.calls(3);
  log.rotateKey(THIRD_KEY);
  log.calls(3);
  log.stop();
  return dir;
}

test("takes the keys of the folder when none are given, and says what that is worth", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  const { status, logs } = await verifyAuditLog(dir);
  expect(status).toBe("intact");
  expect(logs[0]).toMatchObject({
    keysFrom: "folder",
    keys: [{ id: OWNER.key.id, from: "folder", firstSize: 1, lastSize: 42 }],
  });
  expect(logs[0]?.warnings).toEqual([
    "the public key was taken from the folder itself: whoever may write there could have replaced it",
  ]);
});

test.each([OWNER, SECOND_KEY, THIRD_KEY])(
  "trust passes along changes of key, in both directions: $key.name",
  async ({ key }) => {
    const { status, logs } = await verifyAuditLog(rotated(), { keys: [key] });
    expect(status).toBe("intact");
    expect(logs[0]?.keys.map(({ name, firstSize, lastSize }) => [name, firstSize, lastSize])).toEqual([
      ["key-1", 1, 8],
      ["key-2", 8, 15],
      ["key-3", 15, 22],
    ]);
    expect(logs[0]?.keys.map(({ from }) => from)).toEqual(
      ["key-1", "key-2", "key-3"].map((name) => (name === key.name ? "given" : "rotation")),
    );
  },
);

test("takes keys as text, one a line", async () => {
  const keys = `${OWNER.key.text}\n\n${THIRD_KEY.key.text}\n`;
  expect((await verifyAuditLog(rotated(), { keys })).status).toBe("intact");
  expect(parseVerifierKeys(keys)).toHaveLength(2);
});

test.each(["", "\n", "x", `${OWNER.key.text}x`, `# ${OWNER.key.text}`])("refuses %j as keys", async (keys) => {
  await expect(verifyAuditLog(temporaryFolder(), { keys })).rejects.toMatchObject({ code: "invalid" });
});

test("every key that was given must have signed something: a log cut back to before a change of key is found", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.calls(3);
  log.stop();
  const { logs } = await verifyAuditLog(dir, { keys: [OWNER.key, SECOND_KEY.key] });
  const reason = `the key ${SECOND_KEY.key.id} that was given has signed nothing here: the log was cut back to before a change of key, or written anew with an old key (keys are given oldest first)`;
  expect(logs[0]?.firstBad).toMatchObject({ seq: 8, reason });
});

test.each<[string, (dir: string) => void, string, number, string]>([
  [
    "a change of key that only the new key signed",
    (dir) => {
      const log = buildLog(dir);
      log.calls(1);
      log.rotateKey(THIEF, { old_signature: THIEF.sign(Buffer.from("x")).toString("base64") });
    },
    segmentFile(0),
    3,
    "the change of key is not signed by the old key: a new key was slipped in",
  ],
  [
    "a change of key that only the old key signed",
    (dir) => {
      const log = buildLog(dir);
      log.calls(1);
      log.rotateKey(SECOND_KEY, { new_signature: "" });
    },
    segmentFile(0),
    3,
    "the change of key is not signed by the new key",
  ],
  [
    "a change of key that begins with an unknown old key",
    (dir) => {
      const log = buildLog(dir, { signer: THIEF });
      log.calls(1);
      // The owner's log so far, and from here on the thief's.
      rmSync(dir, { recursive: true });
      const own = buildLog(dir);
      own.calls(1);
      const stranger = testSigner("stranger");
      const root = Buffer.from(own.root(), "base64url").toString("base64");
      const lines = ["hardened-mcp audit key rotation", own.id, 3, root, stranger.key.text, THIEF.key.text];
      const message = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      own.rotateKey(THIEF, {
        old: stranger.key.text,
        old_signature: stranger.sign(message).toString("base64"),
        new_signature: THIEF.sign(message).toString("base64"),
      });
    },
    segmentFile(0),
    3,
    "the change of key begins with a key that is not in use: a new key was slipped in",
  ],
  [
    "a change of key that speaks of other records",
    (dir) => {
      const log = buildLog(dir);
      log.calls(1);
      log.rotateKey(SECOND_KEY, { size: 2 });
    },
    segmentFile(0),
    3,
    "the change of key speaks of other records than those before it",
  ],
  [
    "a change of key to nothing",
    (dir) => {
      const log = buildLog(dir);
      log.rotateKey(SECOND_KEY, { new: "x" });
    },
    segmentFile(0),
    1,
    "the change of key does not name two keys",
  ],
  [
    "an old key that goes on signing after it was given up",
    (dir) => {
      const log = buildLog(dir);
      log.rotateKey(SECOND_KEY);
      log.calls(1);
      log.checkpoint(OWNER);
    },
    checkpointFile(0),
    2,
    "the checkpoint is signed by an old key after the change to a new one",
  ],
  [
    "records before a change of key chained anew without the key",
    (dir) => {
      const log = buildLog(dir);
      log.calls(1);
      log.rotateKey(SECOND_KEY);
      log.flush();
      edit(dir, 0, (lines) => lines.with(1, lines[1]!.replace("u-1", "u-2")));
      rechain(dir, [0]);
      rmSync(join(dir, checkpointFile(0)));
    },
    segmentFile(0),
    3,
    "the change of key speaks of other records than those before it",
  ],
])("finds %s", async (_, make, file, seq, reason) => {
  const dir = join(temporaryFolder(), "log");
  make(dir);
  const { status, logs } = await verifyAuditLog(dir, { keys: [OWNER.key] });
  expect(logs[0]?.firstBad).toMatchObject({ file, seq, reason });
  expect(status).toBe("tampered");
});

test("a change of key without the old key's signature on the next checkpoint is worth a word, and not more", async () => {
  const dir = temporaryFolder();
  const log = buildLog(dir);
  log.rotateKey(SECOND_KEY);
  log.calls(1);
  log.checkpoint();
  const notes = join(dir, checkpointFile(0));
  rmSync(notes);
  log.checkpoint();
  const { status, logs } = await verifyAuditLog(dir, { keys: [OWNER.key] });
  expect(status).toBe("intact");
  expect(logs[0]?.warnings).toEqual([expect.stringContaining("lacks the old key's signature")]);
});

test("a log of a thief under the owner's id is not the owner's, whatever signing.pub says", async () => {
  const dir = temporaryFolder();
  sampleLog(dir, undefined, THIEF);
  writeFileSync(join(dir, "signing.pub"), `${OWNER.key.text}\n${THIEF.key.text}\n`);
  expect((await verifyAuditLog(dir, { keys: [OWNER.key] })).logs[0]?.firstBad?.reason).toBe(NONE_OF_GIVEN);
});

test.each<[string, (path: string) => void, string]>([
  ["replaced", (path) => writeFileSync(path, `${THIEF.key.text}\n`), "signed by no key of signing.pub"],
  ["removed", (path) => rmSync(path), "signing.pub is missing: the public key was removed"],
  ["changed", (path) => appendFileSync(path, "x"), "signing.pub was changed: it holds what is no public key"],
])(
  "finds that signing.pub was %s when it is all there is, and needs it for nothing when a key is given",
  async (_, attack, reason) => {
    const dir = temporaryFolder();
    sampleLog(dir);
    attack(join(dir, "signing.pub"));
    const alone = await verifyAuditLog(dir);
    expect(alone.status).toBe("tampered");
    expect(alone.logs[0]?.firstBad?.reason).toContain(reason);
    expect((await verifyAuditLog(dir, { keys: [OWNER.key] })).status).toBe("intact");
  },
);

test("says which key of signing.pub signed nothing", async () => {
  const dir = temporaryFolder();
  sampleLog(dir);
  writeFileSync(join(dir, "signing.pub"), `${THIEF.key.text}\n`);
  const { logs } = await verifyAuditLog(dir, { keys: [OWNER.key] });
  expect(logs[0]?.warnings).toEqual([
    `signing.pub names the key ${THIEF.key.id}, which has signed nothing in this log`,
  ]);
});

test("sub-logs are signed with the keys of the folder above", async () => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, "0"));
  for (const slot of ["0", "1"]) {
    const log = buildLog(join(dir, slot), { keysDir: dir, id: `test/${slot.repeat(22)}` });
    log.calls(2);
    log.stop();
  }
  const all = await verifyAuditLog(dir);
  expect(all).toMatchObject({ status: "intact", logs: [{ keysFrom: "folder" }, { keysFrom: "folder" }] });
  expect((await verifyAuditLog(join(dir, "1"))).status).toBe("intact");
  expect((await verifyAuditLog(dir, { keys: [OWNER.key] })).status).toBe("intact");
  expect((await verifyAuditLog(dir, { keys: [THIEF.key] })).status).toBe("tampered");
  const both = await verifyAuditLog(dir, { keys: [OWNER.key, SECOND_KEY.key] });
  expect(both).toMatchObject({
    status: "tampered",
    problems: [`the key ${SECOND_KEY.key.id} that was given has signed nothing in this folder`],
  });
});

test("a change of key that one sub-log has not met yet is worth a word", async () => {
  const dir = temporaryFolder();
  const first = buildLog(join(dir, "0"), { keysDir: dir, id: "test/0" });
  buildLog(join(dir, "1"), { keysDir: dir, id: "test/1" }).stop();
  first.rotateKey(SECOND_KEY);
  const { status, logs } = await verifyAuditLog(dir, { keys: [OWNER.key, SECOND_KEY.key] });
  expect(status).toBe("intact");
  expect(logs[1]?.warnings).toContain(`the key ${SECOND_KEY.key.id} that was given has signed nothing in this log`);
});

test("the newest key must have signed what is present: its old checkpoints in pruned.txt do not count", async () => {
  // Who stole the old key writes a log of their own and puts a real checkpoint of the new key in front of it.
  const real = temporaryFolder();
  const owner = buildLog(real);
  owner.calls(1);
  owner.rotateKey(SECOND_KEY);
  owner.calls(1);
  const note = owner.checkpoint();
  const dir = temporaryFolder();
  const thief = buildLog(dir);
  thief.calls(5);
  thief.roll();
  const to = thief.size - 1;
  thief.calls(2);
  thief.prune(to);
  const own = notesOf(dir, "pruned.txt");
  putNotes(dir, "pruned.txt", [note, ...own]);
  const { logs } = await verifyAuditLog(dir, { keys: [OWNER.key, SECOND_KEY.key] });
  expect(logs[0]?.firstBad?.reason).toContain(`the key ${SECOND_KEY.key.id} that was given has signed nothing here`);
});

test("a checkpoint put into pruned.txt for records that are there must be the end of a segment", async () => {
  const real = temporaryFolder();
  const owner = buildLog(real);
  owner.calls(1);
  owner.rotateKey(SECOND_KEY);
  owner.calls(1);
  const note = owner.checkpoint();
  const dir = temporaryFolder();
  const thief = buildLog(dir);
  thief.calls(5);
  thief.stop();
  putNotes(dir, "pruned.txt", [note]);
  const { logs } = await verifyAuditLog(dir, { keys: [OWNER.key, SECOND_KEY.key] });
  expect(logs[0]?.firstBad).toMatchObject({
    file: "pruned.txt",
    reason:
      "pruned.txt has checkpoints of segments that are neither deleted nor there: they were put in, or the log was rewritten",
  });
});
