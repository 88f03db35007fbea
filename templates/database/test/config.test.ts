import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failedStart, printedSchema, tempFolder } from "@hardened-mcp/server/testing";
import { config } from "../src/config.ts";
import { openDatabase } from "../src/database.ts";

// Tests run in the project's folder.
test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  assert.deepEqual(JSON.parse(readFileSync("config.schema.json", "utf8")), printedSchema());
});

test("the sample becomes a file of its owner's alone, and is made once", async (t) => {
  const file = join(tempFolder(t), "new", "shop.db");
  const parsed = config.parse({ database: { file, sample: "sample/shop.sql" } });
  const database = await openDatabase(parsed);
  assert.equal(database.writable, false, "without --allow-write not even a statement of ours changes anything");
  await database.close();
  const { mode, ino, mtimeMs } = statSync(file);
  assert.equal(mode & 0o077, 0);
  await (await openDatabase(parsed)).close();
  assert.deepEqual([statSync(file).ino, statSync(file).mtimeMs], [ino, mtimeMs]);
});

test("a variable names the file, such as one on the volume of a container", async (t) => {
  // One that is refused, so that the start tells which one it took.
  const environment = { HARDENED_MCP_DATABASE_FILE: "src/shop.db" };
  const { message } = await failedStart(t, { config: { database: { file: "data/none.db" } }, environment });
  assert.match(message, /database\.file: clients could reach .*src/);
});

type Keys = Readonly<Record<string, unknown>>;
const at = (file: string, more: Keys = {}): Keys => ({ database: { file }, ...more });
const NO_START: readonly (readonly [what: string, config: (folder: string) => Keys, says: RegExp])[] = [
  ["a misspelt key", () => ({ database: { file: "a.db", maxrows: 1 } }), /maxRows/],
  ["a database that is not there", () => at("data/none.db"), /none\.db.*no such database file/],
  ["a sample that is no SQL", (to) => ({ database: { file: `${to}/a.db`, sample: "package.json" } }), /cannot be made/],
  ["writing allowed by the file", () => at("a.db", { allowWrite: true }), /--allow-write/],
  ["its own state", (to) => at(`${to}/a.db`, { state: { url: `sqlite://${to}/a.db` } }), /could reach .*a\.db/],
  ["a file in its audit log", (to) => at(`${to}/log/a.db`, { auditDir: `${to}/log` }), /could reach .*log/],
];
for (const [what, config, says] of NO_START) {
  test(`${what} keeps the server from starting`, async (t) => {
    const folder = tempFolder(t);
    const { code, message } = await failedStart(t, { folder, config: config(folder) });
    assert.match(message, says);
    assert.equal(code, 78);
  });
}
