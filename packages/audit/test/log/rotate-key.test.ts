import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditLog, parseVerifierKey, verifyAuditLog } from "../../src/index.ts";
import { rotationText } from "../../src/log/rotation.ts";
import { expectProvable, leavesOf, treeHash } from "../folder-check.ts";
import { switchedSigner } from "../signer/switched.ts";
import { outcome, records, temporaryFolder } from "../support.ts";

test("a change of keys is a record signed by both, and so is the checkpoint that covers it", async () => {
  const dir = temporaryFolder();
  const [old, next] = [switchedSigner("test/old"), switchedSigner("test/next")];
  const log = await openAuditLog({ dir, server: "test", signer: old });
  log.write(outcome("r"));
  await log.rotateKey(next);
  expect(log.publicKey).toBe(next.key.text);
  log.write(outcome("s"));
  await log.close();
  const record = records(dir).find(({ type }) => type === "log.key_rotated")!;
  const detail = record.detail as Record<string, string>;
  expect(detail).toMatchObject({ old: old.key.text, new: next.key.text, size: record.seq });
  expect(detail["root"]).toBe(treeHash(leavesOf(dir).slice(0, record.seq)).toString("base64url"));
  const text = Buffer.from(
    rotationText({ log: log.logId, size: record.seq, root: detail["root"]!, old: old.key.text, next: next.key.text }),
  );
  for (const [key, signature] of [
    [detail["old"]!, detail["old_signature"]!],
    [detail["new"]!, detail["new_signature"]!],
  ] as const) {
    expect(parseVerifierKey(key).verify(text, Buffer.from(signature, "base64"))).toBe(true);
  }
  const signers = expectProvable(dir).map((one) => one.signers);
  expect(signers).toEqual([[old.key.text], [old.key.text, next.key.text], [next.key.text]]);
  expect(readFileSync(join(dir, "signing.pub"), "utf8")).toBe(`${old.key.text}\n${next.key.text}\n`);
});

test("the new key goes on after a restart, the old one no longer", async () => {
  const dir = temporaryFolder();
  const [old, next] = [switchedSigner("test/old"), switchedSigner("test/next")];
  const log = await openAuditLog({ dir, server: "test", signer: old });
  await log.rotateKey(next);
  await log.close();
  await expect(openAuditLog({ dir, server: "test", signer: old })).rejects.toMatchObject({ code: "wrong_key" });
  await (await openAuditLog({ dir, server: "test", signer: next })).close();
  expectProvable(dir);
});

test("goes on with the new key after a crash right behind the record, and not with the old one", async () => {
  const dir = temporaryFolder();
  const [old, next] = [switchedSigner("test/old"), switchedSigner("test/next")];
  const log = await openAuditLog({ dir, server: "test", signer: old });
  const path = join(dir, "checkpoints-00000000000000000000.txt");
  const before = readFileSync(path);
  await log.rotateKey(next);
  await log.close();
  writeFileSync(path, before);
  await expect(openAuditLog({ dir, server: "test", signer: old })).rejects.toMatchObject({ code: "wrong_key" });
  await (await openAuditLog({ dir, server: "test", signer: next })).close();
  expect(expectProvable(dir).at(-1)?.signers).toEqual([next.key.text]);
});

test.each(["old", "next"] as const)("stays with the old key where the %s one cannot sign", async (which) => {
  const dir = temporaryFolder();
  const signers = { old: switchedSigner("test/old"), next: switchedSigner("test/next") };
  const log = await openAuditLog({ dir, server: "test", signer: signers.old });
  signers[which].works = false;
  await expect(log.rotateKey(signers.next)).rejects.toMatchObject({ code: "unavailable" });
  signers[which].works = true;
  expect(log.publicKey).toBe(signers.old.key.text);
  await log.close();
  expect(records(dir).map(({ type }) => type)).not.toContain("log.key_rotated");
  await (await openAuditLog({ dir, server: "test", signer: signers.old })).close();
  expectProvable(dir);
});

test("changes keys under load, without a false word about the tree", async () => {
  const dir = temporaryFolder();
  const [old, next] = [switchedSigner("test/old"), switchedSigner("test/next")];
  const log = await openAuditLog({ dir, server: "test", signer: old, checkpointRecords: 10 });
  let stop = false;
  const writer = async (name: string): Promise<void> => {
    for (let i = 0; !stop; i++) {
      log.write(outcome(`${name}-${i}`));
      await log.durable();
    }
  };
  const writers = ["a", "b", "c"].map(writer);
  await log.rotateKey(next).finally(() => {
    stop = true;
  });
  await Promise.all(writers);
  await log.close();
  const record = records(dir).find(({ type }) => type === "log.key_rotated")!;
  expect(record.detail?.["root"]).toBe(treeHash(leavesOf(dir).slice(0, record.seq)).toString("base64url"));
  const covering = expectProvable(dir).filter(({ size }) => size > record.seq);
  expect(covering[0]?.signers).toHaveLength(2);
  expect(covering.slice(1).every(({ signers }) => signers.join() === next.key.text)).toBe(true);
});

test("a crash right behind the checkpoint that both keys signed: the old key is refused all the same", async () => {
  const dir = temporaryFolder();
  const [old, next] = [switchedSigner("test/old"), switchedSigner("test/next")];
  const log = await openAuditLog({ dir, server: "test", signer: old });
  await log.rotateKey(next);
  const files = readdirSync(dir).map((name) => [join(dir, name), readFileSync(join(dir, name))] as const);
  await log.close();
  for (const [path, bytes] of files) if (!path.endsWith("writer.lock")) writeFileSync(path, bytes);
  expect(expectProvable(dir).at(-1)?.signers).toHaveLength(2);
  await expect(openAuditLog({ dir, server: "test", signer: old })).rejects.toMatchObject({ code: "wrong_key" });
  await (await openAuditLog({ dir, server: "test", signer: next })).close();
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
});
