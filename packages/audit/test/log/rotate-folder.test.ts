import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditSlot, openFileSigner, rotateSigningKey, verifyAuditLog } from "../../src/index.ts";
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
  expect(readdirSync(dir)).not.toContain("signing.key.next");
  expect(rotations(join(dir, "0"))).toEqual([]);
  expect(rotations(join(dir, "1"))).toEqual([]);
});

test("goes from one signer to another, wherever their keys are", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 2);
  const old = openFileSigner({ file: join(dir, "signing.key"), server: "test" });
  const next = switchedSigner("test/elsewhere");
  expect((await rotateSigningKey({ dir, old, next })).publicKey).toBe(next.key.text);
  await expect(open(dir)).rejects.toMatchObject({ code: "wrong_key" });
});

test("refuses a folder without a log", async () => {
  const dir = join(temporaryFolder(), "none");
  await expect(rotateSigningKey({ dir })).rejects.toMatchObject({ code: "unavailable" });
  mkdirSync(dir);
  await expect(rotateSigningKey({ dir })).rejects.toMatchObject({ code: "unavailable" });
});

test("from the folder's key to one elsewhere: the folder's is gone afterwards", async () => {
  const dir = temporaryFolder();
  await writeLog(dir, 2);
  const next = switchedSigner("test/elsewhere");
  await rotateSigningKey({ dir, next });
  expect(existsSync(join(dir, "signing.key"))).toBe(false);
  expect(readFileSync(join(dir, "signing.pub"), "utf8").trim().split("\n").at(-1)).toBe(next.key.text);
  await expect(open(dir)).rejects.toMatchObject({ code: "wrong_key" });
});

test("no server starts on the folder's key while it moves elsewhere, nor after that failed, until it is run again", async () => {
  const dir = await twoSlots();
  const next = switchedSigner("test/elsewhere");
  const starts: unknown[] = [];
  next.before = async () => {
    starts.push(await openAuditSlot({ dir, server: "test" }).catch((error: { code: string }) => error.code));
  };
  next.works = false;
  await expect(rotateSigningKey({ dir, next })).rejects.toMatchObject({ code: "unavailable" });
  await expect(openAuditSlot({ dir, server: "test" })).rejects.toMatchObject({ code: "unavailable" });
  next.works = true;
  await rotateSigningKey({ dir, next });
  expect(starts.length).toBeGreaterThan(2);
  expect(new Set(starts)).toEqual(new Set(["unavailable"]));
  expect(readdirSync(dir).filter((name) => name.startsWith("signing.key"))).toEqual([]);
  next.before = () => undefined;
  await (await openAuditSlot({ dir, server: "test", signer: next })).close();
  expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
});

test("no server starts on a key that is being changed", async () => {
  const dir = await twoSlots();
  writeFileSync(join(dir, "signing.key.next"), readFileSync(join(dir, "signing.key")), { mode: 0o600 });
  await expect(openAuditSlot({ dir, server: "test" })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/is being changed/),
  });
});

const ROUNDS = Number(process.env["HARDENED_MCP_AUDIT_KILLS"] ?? 10);

test(`killed at ${ROUNDS} random moments and run again, every log ends up with the new key, and verifies`, {
  timeout: 20_000 + ROUNDS * 5000,
}, async () => {
  const child = join(import.meta.dirname, "../children/rotate.ts");
  for (let round = 0; round < ROUNDS; round++) {
    const dir = await twoSlots();
    const killed = spawn(process.execPath, [child, dir], { stdio: ["ignore", "pipe", "inherit"] });
    await once(killed.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 12));
    killed.kill("SIGKILL");
    await once(killed, "close");
    if (existsSync(join(dir, "signing.key.next"))) await rotateSigningKey({ dir });
    const log = await openAuditSlot({ dir, server: "test" });
    await log.close();
    expect(await verifyAuditLog(dir)).toMatchObject({ status: "intact" });
    for (const slot of ["0", "1"]) expect(rotations(join(dir, slot)).length).toBeLessThan(2);
  }
});
