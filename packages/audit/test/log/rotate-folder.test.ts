import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditSlot, openFileSigner, rotateSigningKey } from "../../src/index.ts";
import { switchedSigner } from "../signer/switched.ts";
import { open, outcome, records, temporaryFolder, writeLog } from "../support.ts";

async function twoSlots(): Promise<string> {
  const dir = temporaryFolder();
  const logs = [await openAuditSlot({ dir, server: "test" }), await openAuditSlot({ dir, server: "test" })];
  for (const log of logs) log.write(outcome("r"));
  await Promise.all(logs.map((log) => log.close()));
  return dir;
}

const rotations = (dir: string) => records(dir).filter(({ type }) => type === "log.key_rotated");

test("changes the key of a folder for all of its logs, and the old one is gone", async () => {
  const dir = await twoSlots();
  const old = readFileSync(join(dir, "signing.key"), "utf8");
  const { publicKey, logs } = await rotateSigningKey({ dir });
  expect(logs).toEqual([join(dir, "0"), join(dir, "1")]);
  expect(readFileSync(join(dir, "signing.key"), "utf8")).not.toBe(old);
  expect(existsSync(join(dir, "signing.key.next"))).toBe(false);
  const log = await openAuditSlot({ dir, server: "test" });
  expect(log.publicKey).toBe(publicKey);
  await log.close();
  for (const slot of logs) expect(rotations(slot)).toHaveLength(1);
  expect(readFileSync(join(dir, "signing.pub"), "utf8").split("\n")).toHaveLength(3);
});

test("interrupted between two logs, it is run again", async () => {
  const dir = await twoSlots();
  const [key, slot] = [join(dir, "signing.key"), join(dir, "1")];
  const old = readFileSync(key);
  const before = ["audit-00000000000000000000.jsonl", "checkpoints-00000000000000000000.txt", "head.json"].map(
    (name) => [join(slot, name), readFileSync(join(slot, name))] as const,
  );
  await rotateSigningKey({ dir });
  // As if the run had ended before the second log, and before the new key took the old one's place.
  writeFileSync(`${key}.next`, readFileSync(key), { mode: 0o600 });
  writeFileSync(key, old);
  for (const [path, bytes] of before) writeFileSync(path, bytes);
  const { publicKey } = await rotateSigningKey({ dir });
  expect(rotations(join(dir, "0"))).toHaveLength(1);
  expect(rotations(slot)).toHaveLength(1);
  expect(rotations(slot)[0]?.detail?.["new"]).toBe(publicKey);
});

test("does nothing while a server writes to one of the logs", async () => {
  const dir = await twoSlots();
  const log = await openAuditSlot({ dir, server: "test" });
  await expect(rotateSigningKey({ dir })).rejects.toMatchObject({ code: "locked" });
  await log.close();
  expect(rotations(join(dir, "0"))).toEqual([]);
  expect(rotations(join(dir, "1"))).toEqual([]);
});

test("goes from one signer to another, wherever their keys are", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 2);
  const old = openFileSigner({ file: join(dir, "signing.key"), server: "test" });
  const next = switchedSigner("test/elsewhere");
  expect((await rotateSigningKey({ dir, signers: { old, next } })).publicKey).toBe(next.key.text);
  await expect(open(dir)).rejects.toMatchObject({ code: "wrong_key" });
});

test("refuses a folder without a log", async () => {
  const dir = join(temporaryFolder(), "none");
  await expect(rotateSigningKey({ dir })).rejects.toMatchObject({ code: "unavailable" });
  mkdirSync(dir);
  await expect(rotateSigningKey({ dir })).rejects.toMatchObject({ code: "unavailable" });
});
