import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failedStart, tempFolder } from "./support/start.ts";

// Tests run in the project's folder.
const read = (path: string): string => readFileSync(path, "utf8");

test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const printed = execFileSync(process.execPath, ["src/cli.ts", "--print-config-schema"], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(read("config.schema.json")), JSON.parse(printed));
});

const NO_START: readonly (readonly [what: string, config: Record<string, unknown>, says: RegExp])[] = [
  ["a misspelt key", { notesfile: "data/notes.json" }, /notesFile/],
  ["a file of notes that is not there", { notesFile: "data/none.json" }, /notesFile: .*none\.json cannot be read/],
  ["a file that is no list of notes", { notesFile: "package.json" }, /cannot be read as a list of notes/],
  ["writing allowed by the file", { allowWrite: true }, /--allow-write/],
];

for (const [what, config, says] of NO_START) {
  test(`${what} keeps the server from starting`, async (t) => {
    const { code, message } = await failedStart(t, { config });
    assert.equal(code, 78);
    assert.match(message, says);
  });
}

test("a tool that is not as it was reviewed keeps the server from starting", async (t) => {
  const folder = tempFolder(t);
  const lock = join(folder, "tools.lock.json");
  const reviewed = read("tools.lock.json");
  const other = reviewed.replace(/("read_note": \{[^}]*"definition": ")[^"]+/, `$1${"A".repeat(43)}`);
  assert.notEqual(other, reviewed);
  writeFileSync(lock, other, { mode: 0o600 });
  const { code, message } = await failedStart(t, { folder, config: {}, flags: ["--tools-lock", lock] });
  assert.equal(code, 78);
  assert.match(message, /tool read_note: /);
});
