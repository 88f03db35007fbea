import { appendFileSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAnchorNotes, verifyAuditLog } from "../../src/index.ts";
import { OWNER, THIEF } from "../support/attack.ts";
import { buildLog } from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

const keys = [OWNER.key];
const SLOTS = ["0", "1", "2"];

/** A folder of three sub-logs, and a file of a checkpoint of each, kept elsewhere. */
function shared(): { dir: string; kept: string } {
  const dir = temporaryFolder();
  const kept = join(temporaryFolder(), "anchors.txt");
  for (const slot of SLOTS) {
    const log = buildLog(join(dir, slot), { keysDir: dir, id: `test/${slot}` });
    log.calls(4);
    appendFileSync(kept, `${log.checkpoint()}\n`);
  }
  return { dir, kept };
}

const remove = (dir: string, slot: string) => rmSync(join(dir, slot), { recursive: true });

test("a sub-log replaced by a copy of another is found, with keys, without, and with anchors", async () => {
  const { dir, kept } = shared();
  remove(dir, "1");
  cpSync(join(dir, "0"), join(dir, "1"), { recursive: true });
  for (const options of [{ keys }, {}, { keys, anchors: readAnchorNotes(kept) }]) {
    const { status, records, logs } = await verifyAuditLog(dir, options);
    expect(status).toBe("tampered");
    expect(logs.map((log) => log.status)).toEqual(["intact", "tampered", "intact"]);
    expect(logs[1]?.firstBad).toEqual({
      file: ".",
      seq: 0,
      line: 0,
      reason: "is a copy of sub-log 0: it has the same log id, and what was here before is gone",
    });
    expect(records).toBe(18);
  }
});

test("a copy of a sub-log that was cut back or went on is a copy, too", async () => {
  const { dir } = shared();
  remove(dir, "2");
  buildLog(join(dir, "2"), { keysDir: dir, id: "test/1" }).calls(1);
  const { logs } = await verifyAuditLog(dir, { keys });
  expect(logs[2]?.firstBad?.reason).toContain("is a copy of sub-log 1");
});

test("a sub-log removed from the end is missed when an anchor speaks of it", async () => {
  const { dir, kept } = shared();
  remove(dir, "2");
  expect((await verifyAuditLog(dir, { keys })).status).toBe("intact");
  for (const options of [{ keys }, {}]) {
    const { status, problems } = await verifyAuditLog(dir, { ...options, anchors: readAnchorNotes(kept) });
    expect(status).toBe("shorter");
    expect(problems).toEqual([
      "an anchor speaks of log test/2, signed by a key of this folder, and the log is not there: it was removed, or the anchor file holds the notes of another folder that is signed with the same key",
    ]);
  }
});

test("of a sub-log that is verified alone, the anchors of the others are passed over", async () => {
  const { dir, kept } = shared();
  const { status, problems, warnings } = await verifyAuditLog(join(dir, "0"), { keys, anchors: readAnchorNotes(kept) });
  expect({ status, problems }).toEqual({ status: "intact", problems: [] });
  expect(warnings).toEqual(["not in this folder: 2 other log(s) of which there are anchors: test/1, test/2"]);
});

test("an anchor of another folder, signed with a key that this one does not know, is passed over", async () => {
  const { dir, kept } = shared();
  appendFileSync(kept, `${buildLog(temporaryFolder(), { id: "other/1", signer: THIEF }).checkpoint()}\n`);
  const { status, warnings } = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(status).toBe("intact");
  expect(warnings).toEqual(["not in this folder: 1 other log(s) of which there are anchors: other/1"]);
});

test("a removed sub-log is missed by a key that another sub-log went over to", async () => {
  const { dir, kept } = shared();
  const next = testSigner("key-2");
  const log = buildLog(join(dir, "3"), { keysDir: dir, id: "test/3" });
  log.rotateKey(next);
  const gone = buildLog(temporaryFolder(), { id: "test/4", signer: next });
  appendFileSync(kept, `${gone.checkpoint()}\n`);
  const { status, problems } = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(status).toBe("shorter");
  expect(problems).toEqual([expect.stringContaining("an anchor speaks of log test/4")]);
});

test("what is tampered with stays so when a sub-log is gone as well", async () => {
  const { dir, kept } = shared();
  remove(dir, "1");
  const { status, problems } = await verifyAuditLog(dir, { keys, anchors: readAnchorNotes(kept) });
  expect(status).toBe("tampered");
  expect(problems).toEqual([expect.stringContaining("log test/1")]);
});

test("a key that signed only what a sub-log deleted is not missed, one is when nothing was deleted", async () => {
  const given = [THIEF.key, OWNER.key];
  const { dir } = shared();
  expect((await verifyAuditLog(dir, { keys: given })).problems).toEqual([
    `the key ${THIEF.key.id} that was given has signed nothing in this folder`,
  ]);
  const log = buildLog(join(dir, "3"), { keysDir: dir, id: "test/3" });
  log.calls(3);
  log.roll();
  log.calls(3);
  log.prune(7);
  expect(await verifyAuditLog(dir, { keys: given })).toMatchObject({ status: "intact", problems: [] });
  expect((await verifyAuditLog(dir, { keys: given.reverse() })).status).toBe("tampered");
});
