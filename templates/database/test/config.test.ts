import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { config } from "../src/config.ts";
import { openDatabase } from "../src/database.ts";
import { failedStart, tempFolder } from "./support/start.ts";

// Tests run in the project's folder.
test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const printed = execFileSync(process.execPath, ["src/cli.ts", "--print-config-schema"], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(readFileSync("config.schema.json", "utf8")), JSON.parse(printed));
});

test("the sample becomes a file of its owner's alone, and is made once", async (t) => {
  const file = join(tempFolder(t), "new", "shop.db");
  const open = async () =>
    (await openDatabase(config.parse({ database: { file, sample: "sample/shop.sql" } }))).close();
  await open();
  const { mode, ino, mtimeMs } = statSync(file);
  assert.equal(mode & 0o077, 0);
  await open();
  assert.deepEqual([statSync(file).ino, statSync(file).mtimeMs], [ino, mtimeMs]);
});

test("a variable names the file, such as one on the volume of a container", async (t) => {
  const folder = tempFolder(t);
  const state = join(folder, "state.db");
  // A file that is refused, so that the start tells which one it took.
  const { message } = await failedStart(t, {
    folder,
    config: { database: { file: "data/none.db" }, state: { url: `sqlite://${state}` } },
    environment: { HARDENED_MCP_DATABASE_FILE: state },
  });
  assert.match(message, /this server itself stands on/);
});

const NO_START: readonly (readonly [
  what: string,
  config: (folder: string) => Record<string, unknown>,
  says: RegExp,
])[] = [
  ["a misspelt key", () => ({ database: { file: "a.db", maxrows: 1 } }), /maxRows/],
  ["a database that is not there", () => ({ database: { file: "data/none.db" } }), /no such database file/],
  [
    "a sample that is no SQL",
    (at) => ({ database: { file: join(at, "a.db"), sample: "package.json" } }),
    /cannot be made/,
  ],
  ["writing allowed by the file", () => ({ database: { file: "a.db" }, allowWrite: true }), /--allow-write/],
  [
    "the database of its own state",
    (at) => ({ database: { file: join(at, "a.db") }, state: { url: `sqlite://${join(at, "a.db")}` } }),
    /this server itself stands on/,
  ],
];

for (const [what, config, says] of NO_START) {
  test(`${what} keeps the server from starting`, async (t) => {
    const folder = tempFolder(t);
    const { code, message } = await failedStart(t, { folder, config: config(folder) });
    assert.match(message, says);
    assert.equal(code, 78);
  });
}
