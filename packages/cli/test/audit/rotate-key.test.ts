import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditLog } from "@hardened-mcp/audit";
import { expect, onTestFinished, test } from "vitest";
import { cli } from "../support/cli.ts";

const run = (...args: string[]) => cli(args);

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "rotate-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function key(mode = 0o600): string {
  const file = join(folder(), "key.pem");
  writeFileSync(file, generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }), { mode });
  return file;
}

async function log(dir: string): Promise<void> {
  await (await openAuditLog({ dir, server: "notes" })).close();
}

test("replaces a folder's key and prints the new public one", async () => {
  const dir = folder();
  await log(dir);
  const { code, out } = await run("audit", "rotate-key", dir);
  expect(code).toBe(0);
  const [, published] = readFileSync(join(dir, "signing.pub"), "utf8").split("\n");
  expect(out).toContain(published);
  await log(dir);
});

test("goes from a key in one file to a key in another", async () => {
  const [dir, next] = [folder(), key()];
  await log(dir);
  const { code, out } = await run(
    ...[
      "audit",
      "rotate-key",
      dir,
      "--old-key",
      join(dir, "signing.key"),
      "--new-key",
      next,
      "--server",
      "notes",
      "--json",
    ],
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ logs: [dir], publicKey: expect.stringMatching(/^notes\/.*\+.*\+/) });
});

test("says what is wrong, and changes nothing", async () => {
  const dir = folder();
  const running = await openAuditLog({ dir, server: "notes" });
  expect(await run("audit", "rotate-key", dir)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/another process/),
  });
  await running.close();
  const foreign = ["--old-key", key(), "--new-key", key(), "--server", "notes"];
  expect(await run("audit", "rotate-key", dir, ...foreign)).toMatchObject({ code: 78 });
  const open = ["--old-key", key(0o644), "--new-key", key(), "--server", "notes"];
  expect(await run("audit", "rotate-key", dir, ...open)).toMatchObject({
    code: 78,
    err: expect.stringMatching(/can be read/),
  });
  expect(await run("audit", "rotate-key", dir, "--old-key", key())).toMatchObject({ code: 64 });
  expect(await run("audit", "rotate-key", dir, "--new-command", "/bin/true")).toMatchObject({ code: 64 });
  expect(await run("audit", "rotate-key")).toMatchObject({ code: 64 });
  await log(dir);
});
