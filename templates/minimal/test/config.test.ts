import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { projectJson } from "./support/notes.ts";
import { tempFolder } from "./support/session.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", timeout: 10_000 });

test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  assert.deepEqual(projectJson("config.schema.json"), JSON.parse(run("--print-config-schema").stdout));
});

const NO_START: readonly (readonly [what: string, config: Record<string, unknown>, says: RegExp])[] = [
  ["a misspelt key", { notesfile: "data/notes.json" }, /notesFile/],
  ["a file of notes that is not there", { notesFile: "data/none.json" }, /notesFile: .*none\.json cannot be read/],
  ["a file that is no list of notes", { notesFile: "package.json" }, /cannot be read as a list of notes/],
  ["writing allowed by the file", { allowWrite: true }, /--allow-write/],
];

for (const [what, config, says] of NO_START) {
  test(`${what} keeps the server from starting`, (t) => {
    const folder = tempFolder(t);
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify({ ...config, auditDir: join(folder, "audit") }), { mode: 0o600 });
    const { status, stderr } = run("--config", file);
    assert.equal(status, 78);
    assert.match(stderr, says);
  });
}
