import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const SCRIPT = join(import.meta.dirname, "../scripts/new.mjs");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "hardened-mcp-new-test-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As pnpm runs it, when npx has fetched that: from the clone, for somebody who stands in `folder`. */
function made(...args: readonly string[]) {
  const env = { ...process.env, INIT_CWD: folder, npm_config_user_agent: "pnpm/12.21.0 npm/? node/v24.21.0 linux x64" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

it("ends with a line that starts the project where there are Node and npm, and no pnpm", { timeout: 240_000 }, () => {
  const { status, stdout, stderr } = made("shop", "--yes", "--no-install", "--no-git");
  expect(status, stderr).toBe(0);
  const [, start = ""] = /^Start: +(.*)$/m.exec(stdout) ?? [];
  // What npm would do is not of interest here, and needs a registry.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  writeFileSync(join(bin, "npm"), "#!/bin/sh\n", { mode: 0o755 });
  const ran = spawnSync("/bin/sh", ["-c", start], { cwd: folder, env: { PATH: bin }, encoding: "utf8" });
  expect({ start, ran: ran.status }, ran.stderr).toEqual({ start: expect.stringMatching(/^cd shop && /), ran: 0 });
});

it("refuses a wrong command line before it builds", () => {
  const { status, stderr } = made("other", "--templat", "minimal");
  expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining("Did you mean --template?") });
  expect(stderr).not.toContain("Building");
  expect(readdirSync(folder)).not.toContain("other");
});
