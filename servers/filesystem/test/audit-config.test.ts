import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileSigner, verifyAuditLog } from "@hardened-mcp/audit";
import { expect, it, onTestFinished } from "vitest";
import { testFolder } from "./support/folder.ts";
import { CLI, openSession } from "./support/session.ts";

/** A folder for what must not lie in the audit folder: the key, the program that uses it, and the anchor. */
function elsewhere(): string {
  const path = mkdtempSync(join(tmpdir(), "elsewhere-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A signing program of three lines, as an operator would write one around a token or a service. */
function signingProgram(dir: string): { readonly command: string; readonly publicKey: string } {
  const [file, command] = [join(dir, "key.pem"), join(dir, "sign")];
  writeFileSync(file, generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }), {
    mode: 0o600,
  });
  const program = `#!${process.execPath}
const { createPrivateKey, sign } = require("node:crypto"), { readFileSync } = require("node:fs");
process.stdout.write(sign(undefined, readFileSync(0), createPrivateKey(readFileSync(${JSON.stringify(file)}))));
`;
  writeFileSync(command, program, { mode: 0o700 });
  return { command, publicKey: openFileSigner({ file, server: "filesystem" }).key.text };
}

it("keeps no key beside the log, goes on in segments, and its log is proved by a checkpoint that left the machine", async () => {
  const [folder, other] = [testFolder({ "a.txt": "x" }), elsewhere()];
  onTestFinished(() => folder[Symbol.dispose]());
  const { command, publicKey } = signingProgram(other);
  mkdirSync(join(other, "anchors"), { mode: 0o700 });
  const anchor = join(other, "anchors", "notes.txt");
  const audit = {
    signer: { command: [command], publicKey },
    maxSegmentBytes: 65_536,
    checkpointRecords: 100,
    anchors: [{ file: anchor }],
  };
  const config = join(other, "config.json");
  writeFileSync(config, JSON.stringify({ audit }));
  const session = await openSession(folder, { args: ["--config", config] });
  for (let i = 0; i < 150; i++) expect((await session.call("read_text_file", { path: "a.txt" })).text).toBe("x");
  await session[Symbol.asyncDispose]();

  const log = join(folder.audit, "0");
  expect(readdirSync(log, { recursive: true }).concat(readdirSync(folder.audit))).not.toContain("signing.key");
  expect(readdirSync(log).filter((name) => name.endsWith(".jsonl")).length).toBeGreaterThan(1);
  const notes = readFileSync(anchor, "utf8")
    .split(/(?<=\n)\n(?=[^\u2014]|$)/)
    .filter(Boolean);
  expect(notes.length).toBeGreaterThan(3);
  const cli = join(import.meta.dirname, "../../../packages/cli/dist/cli.js");
  const verify = (dir: string) =>
    spawnSync(process.execPath, [cli, "audit", "verify", dir, "--pub", publicKey, "--anchor", anchor], {
      encoding: "utf8",
    });
  const intact = verify(folder.audit);
  expect({ status: intact.status, text: intact.stdout }).toMatchObject({
    status: 0,
    text: expect.stringMatching(/^intact/),
  });

  // The end cut off together with every checkpoint that speaks of it.
  const [newest] = readdirSync(log)
    .filter((name) => name.startsWith("audit-"))
    .sort()
    .toReversed();
  rmSync(join(log, newest!));
  rmSync(join(log, newest!.replace("audit-", "checkpoints-").replace(".jsonl", ".txt")));
  expect((await verifyAuditLog(folder.audit, { keys: publicKey })).status).toBe("intact");
  expect(verify(folder.audit).status).toBe(2);
});

it.each([
  ["a signing key that others can read", { signer: { keyFile: "open.pem" } }, 73, /can be read by others/],
  ["a program that the PATH would choose", { signer: { command: ["sign"], publicKey: "x" } }, 78, /absolute path/],
  ["a misspelt key", { keepSegmants: 3 }, 78, /keepSegments/],
  ["an anchor inside the audit folder", { anchors: [{ file: "audit/notes.txt" }] }, 78, /audit folder/],
])("does not start with %s", (_name, audit, code, message) => {
  const folder = testFolder({ "a.txt": "x" });
  onTestFinished(() => folder[Symbol.dispose]());
  const other = elsewhere();
  writeFileSync(
    join(other, "open.pem"),
    generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }),
    { mode: 0o644 },
  );
  const config = join(other, "config.json");
  writeFileSync(config, JSON.stringify({ auditDir: join(other, "audit"), audit }));
  const { status, stderr } = spawnSync(process.execPath, [CLI, "--config", config, folder.root], {
    encoding: "utf8",
    cwd: other,
    input: "",
  });
  expect(stderr).toMatch(message);
  expect(status).toBe(code);
});
