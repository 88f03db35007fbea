import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failedStart, printedSchema, tempFolder } from "@hardened-mcp/server/testing";

// Tests run in the project's folder.
const read = (path: string): string => readFileSync(path, "utf8");

test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  assert.deepEqual(JSON.parse(read("config.schema.json")), printedSchema());
});

const NO_START: readonly (readonly [what: string, config: Record<string, unknown>, says: RegExp])[] = [
  ["a misspelt key", { notesfile: "data/notes.json" }, /notesFile/],
  ["a file of notes that is not there", { notesFile: "data/none.json" }, /notesFile: .*none\.json cannot be read/],
  ["a file that is no list of notes", { notesFile: "package.json" }, /cannot be read as a list of notes/],
  ["a file of the program", { notesFile: "dist/notes.json" }, /notesFile: clients could reach .*dist/],
  ["writing allowed by the file", { allowWrite: true }, /--allow-write/],
];
for (const [what, config, says] of NO_START) {
  test(`${what} keeps the server from starting`, async (t) => {
    const { code, message } = await failedStart(t, { config });
    assert.match(message, says);
    assert.equal(code, 78);
  });
}

test("a tool that is not as it was reviewed keeps the server from starting", async (t) => {
  const lock = join(tempFolder(t), "tools.lock.json");
  const other = read("tools.lock.json").replace(/(?<="read_note": \{[^}]*"definition": ")[^"]+/, "A".repeat(43));
  writeFileSync(lock, other, { mode: 0o600 });
  const { code, message } = await failedStart(t, { config: {}, flags: ["--tools-lock", lock] });
  assert.match(message, /tool read_note: /);
  assert.equal(code, 78);
});
