import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandSigner, openAuditLog, openFileSigner, type Signer } from "../../src/index.ts";
import { openFolderSigner } from "../../src/signer/file-signer.ts";
import { signatureBy } from "../../src/signer/signature-by.ts";
import { expectProvable } from "../folder-check.ts";
import { outcome, temporaryFolder } from "../support.ts";

const COMMAND = join(import.meta.dirname, "../children/sign.mjs");
const MESSAGE = Buffer.from("what is signed");

function keyFile(dir = temporaryFolder()): string {
  const file = join(dir, "key.pem");
  writeFileSync(file, generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }), {
    mode: 0o600,
  });
  return file;
}

function byCommand(file: string, how: string, timeoutMs = 10_000): Signer {
  const { key } = openFileSigner({ file, server: "test" });
  return commandSigner({ command: [process.execPath, COMMAND, file, how], publicKey: key.text, timeoutMs });
}

test("a folder's key is made once, private, and the same afterwards", () => {
  const file = join(temporaryFolder(), "signing.key");
  const first = openFolderSigner(file, "test");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openFolderSigner(file, "test").key.text).toBe(first.key.text);
  expect(openFileSigner({ file, server: "test" }).key.text).toBe(first.key.text);
  expect(first.key.name).toMatch(/^test\/[\w-]{12}$/);
});

test("a key that openssl made signs, under a name of its own if it has one", async () => {
  const file = join(temporaryFolder(), "key.pem");
  execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", file]);
  chmodSync(file, 0o600);
  const signer = openFileSigner({ file, server: "test", name: "example.com/audit" });
  expect(signer.key.name).toBe("example.com/audit");
  expect(signer.key.verify(MESSAGE, await signatureBy(signer, MESSAGE))).toBe(true);
});

test.each<[string, string, (file: string) => void]>([
  ["that others may read", "insecure", (file) => chmodSync(file, 0o640)],
  ["that others may write", "insecure", (file) => chmodSync(file, 0o622)],
  ["that is no key", "invalid", (file) => writeFileSync(file, "none")],
  [
    "of another kind",
    "invalid",
    (file) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      writeFileSync(file, privateKey.export({ format: "pem", type: "pkcs8" }));
    },
  ],
])("refuses a key %s", (_name, code, spoil) => {
  const file = keyFile();
  spoil(file);
  expect(() => openFileSigner({ file, server: "test" })).toThrow(expect.objectContaining({ code }));
});

test("refuses a link in place of a key, and a key that is not there", () => {
  const dir = temporaryFolder();
  symlinkSync(keyFile(dir), join(dir, "link"));
  expect(() => openFileSigner({ file: join(dir, "link"), server: "test" })).toThrow(
    expect.objectContaining({ code: "insecure" }),
  );
  expect(() => openFileSigner({ file: join(dir, "none"), server: "test" })).toThrow(
    expect.objectContaining({ code: "unavailable" }),
  );
});

test.each(["raw", "base64", "environment"])("a command signs: %s", async (how) => {
  const signer = byCommand(keyFile(), how);
  expect(signer.key.verify(MESSAGE, await signatureBy(signer, MESSAGE))).toBe(true);
});

test.each(["wrong", "nothing", "fail", "flood"])("a command that answers %s has signed nothing", async (how) => {
  await expect(signatureBy(byCommand(keyFile(), how), MESSAGE)).rejects.toMatchObject({ code: "unavailable" });
});

test("a command that hangs is ended, and has signed nothing", async () => {
  await expect(signatureBy(byCommand(keyFile(), "hang", 200), MESSAGE)).rejects.toMatchObject({ code: "unavailable" });
});

test("refuses a command that the PATH would choose", () => {
  const { key } = openFileSigner({ file: keyFile(), server: "test" });
  expect(() => commandSigner({ command: ["sign"], publicKey: key.text })).toThrow(
    expect.objectContaining({ code: "invalid" }),
  );
});

test("with a command, no key is in the log's folder, and the log is provable all the same", async () => {
  const dir = temporaryFolder();
  const signer = byCommand(keyFile(), "raw");
  const log = await openAuditLog({ dir, server: "test", signer });
  log.write(outcome("r"));
  await log.close();
  expect(() => readFileSync(join(dir, "signing.key"))).toThrow();
  expect(readFileSync(join(dir, "signing.pub"), "utf8")).toBe(`${signer.key.text}\n`);
  expect(expectProvable(dir).map(({ size }) => size)).toEqual([1, 3]);
});
