import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, it } from "vitest";
import { packWorkspace } from "../scripts/pack/pack-workspace.ts";
import { startScaffolder } from "../scripts/pack/scaffold.ts";

const SCRIPT = join(import.meta.dirname, "../scripts/new.mjs");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "hardened-mcp-new-test-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of a script of pnpm's that npx has fetched, for somebody who stands in `folder`. */
const ENV = { ...process.env, INIT_CWD: folder, npm_config_user_agent: "pnpm/12.21.0 npm/? node/v24.21.0 linux x64" };

// Without the build, which would replace what other tests run at this moment.
it("ends with a line that starts the project where there are Node and npm, and no pnpm", async () => {
  const vendor = join(folder, "vendor");
  packWorkspace(vendor);
  const args = ["shop", "--yes", "--no-install", "--no-git"];
  const { stdout } = startScaffolder(vendor, args, { cwd: folder, env: ENV, stdio: ["ignore", "pipe", "inherit"] });
  const [, start = ""] = /^Start: +(.*)$/m.exec(stdout === null ? "" : await text(stdout)) ?? [];
  // What npm would do is not of interest here, and needs a registry.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  writeFileSync(join(bin, "npm"), "#!/bin/sh\n", { mode: 0o755 });
  const ran = spawnSync("/bin/sh", ["-c", start], { cwd: folder, env: { PATH: bin }, encoding: "utf8" });
  expect({ start, ran: ran.status }, ran.stderr).toEqual({ start: expect.stringMatching(/^cd shop && /), ran: 0 });
});

it("refuses a wrong command line before it builds", () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, "other", "--templat", "minimal"], {
    env: ENV,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining("Did you mean --template?") });
  expect(stderr).not.toContain("Building");
  expect(readdirSync(folder)).not.toContain("other");
});
