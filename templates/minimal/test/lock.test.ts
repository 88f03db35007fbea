import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { projectJson } from "./support/notes.ts";
import { tempFolder } from "./support/session.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

test("tools.lock.json is what is offered: `npm run lock` writes it", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "--check-tools-lock"], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
});

test("a tool that is not as it was reviewed keeps the server from starting", (t) => {
  const folder = tempFolder(t);
  const lock = join(folder, "tools.lock.json");
  const reviewed = JSON.stringify(projectJson("tools.lock.json"));
  const other = reviewed.replace(/("read_note":\{.*?"definition":")[^"]+/, `$1${"A".repeat(43)}`);
  assert.notEqual(other, reviewed);
  writeFileSync(lock, other, { mode: 0o600 });
  const { status, stderr } = spawnSync(
    process.execPath,
    [CLI, "--tools-lock", lock, "--audit-dir", join(folder, "audit")],
    { encoding: "utf8", input: "", timeout: 20_000 },
  );
  assert.equal(status, 78);
  assert.match(stderr, /tool read_note: /);
});
