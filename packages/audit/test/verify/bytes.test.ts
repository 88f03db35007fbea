import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseVerifierKeys, verifyAuditLog } from "../../src/index.ts";
import { OWNER } from "../support/attack.ts";
import { buildLog } from "../support/build-log.ts";
import { testSigner } from "../support/keys.ts";
import { temporaryFolder } from "../support.ts";

/** A log with everything in it: three segments of which the first was deleted, and a change of key. */
function fullLog(): string {
  const dir = join(temporaryFolder(), "log");
  const log = buildLog(dir);
  log.calls(2);
  log.roll();
  const second = log.size - 1;
  log.calls(2);
  log.rotateKey(testSigner("key-2"));
  log.calls(1);
  log.roll();
  log.calls(1);
  log.prune(second);
  log.calls(1);
  log.stop();
  return dir;
}

const sameKeys = (before: Buffer, after: Buffer) => {
  try {
    const [a, b] = [before, after].map((text) => parseVerifierKeys(text.toString("latin1")).map(({ text }) => text));
    return JSON.stringify(a) === JSON.stringify(b);
  } catch {
    return false;
  }
};

test("finds any changed byte in any file of the log; in signing.pub it says so, and needs the file for nothing", async () => {
  const original = fullLog();
  const keys = [OWNER.key];
  const key2 = [testSigner("key-2").key];
  expect((await verifyAuditLog(original, { keys: key2 })).status).toBe("intact");
  // The first key signed the edge at which the log now begins.
  expect((await verifyAuditLog(original, { keys })).logs[0]?.warnings).toEqual([]);
  const files = readdirSync(original).map((name) => ({ name, bytes: readFileSync(join(original, name)) }));
  expect(files.map(({ name }) => name.replace(/-.*/, "")).sort()).toEqual([
    "audit",
    "audit",
    "checkpoints",
    "checkpoints",
    "pruned.txt",
    "signing.pub",
  ]);
  const dir = join(temporaryFolder(), "copy");
  cpSync(original, dir, { recursive: true });
  const change = fc.record({
    file: fc.nat(files.length - 1),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    by: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ file, at, by }) => {
      const { name, bytes } = files[file]!;
      const copy = Buffer.from(bytes);
      const place = Math.floor(at * bytes.length);
      copy[place] = bytes[place]! ^ by;
      writeFileSync(join(dir, name), copy);
      const { status, logs } = await verifyAuditLog(dir, { keys });
      writeFileSync(join(dir, name), bytes);
      const said = logs[0]?.warnings.some((warning) => warning.includes("unfinished checkpoint"));
      // A zero at the very end looks like a power cut.
      if (copy.at(-1) === 0 && said) return;
      // Of two signatures on a change of key, the old key's alone may be changed to one of nobody: the change itself has it, too.
      if (logs[0]?.warnings.some((warning) => warning.includes("lacks the old key's signature"))) return;
      if (name !== "signing.pub") expect([name, place, by, status]).toEqual([name, place, by, "tampered"]);
      else if (!sameKeys(bytes, copy)) expect(logs[0]?.warnings).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("finds any cut of any file, or counts what is no longer signed", async () => {
  const original = fullLog();
  const keys = [OWNER.key];
  const files = readdirSync(original)
    .filter((name) => name !== "signing.pub")
    .map((name) => ({ name, bytes: readFileSync(join(original, name)) }));
  const newest = files.filter(({ name }) => name.startsWith("checkpoints-")).at(-1)?.name;
  const dir = join(temporaryFolder(), "copy");
  cpSync(original, dir, { recursive: true });
  const cut = fc.record({
    file: fc.nat(files.length - 1),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(cut, async ({ file, at }) => {
      const { name, bytes } = files[file]!;
      writeFileSync(join(dir, name), bytes.subarray(0, Math.floor(at * bytes.length)));
      const { status, logs } = await verifyAuditLog(dir, { keys });
      writeFileSync(join(dir, name), bytes);
      if (name !== newest) expect(["tampered", "shorter"]).toContain(status);
      else if (status === "intact") expect(logs[0]?.unsigned).toBeGreaterThan(0);
    }),
    { numRuns: 400 },
  );
});
