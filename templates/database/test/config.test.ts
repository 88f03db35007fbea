import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tempFolder } from "./support/session.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(PROJECT, "src", "cli.ts");

/** Runs the command to its end; as a server, its client is gone at once. */
function run(args: readonly string[], env: Record<string, string> = {}) {
  const options = { input: "", encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", ...env } } as const;
  return spawnSync(process.execPath, [CLI, ...args], options);
}

function start(folder: string, config: Record<string, unknown>, env?: Record<string, string>) {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify({ auditDir: join(folder, "audit"), ...config }), { mode: 0o600 });
  return run(["--config", file], env);
}

test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const written: unknown = JSON.parse(readFileSync(join(PROJECT, "config.schema.json"), "utf8"));
  assert.deepEqual(written, JSON.parse(run(["--print-config-schema"]).stdout));
});

test("the sample becomes a file of its owner's alone, and is made once", (t) => {
  const folder = tempFolder(t);
  const config = { database: { file: "data/none.db", sample: "sample/shop.sql" } };
  const made = join(folder, "new", "shop.db");
  const env = { HARDENED_MCP_DATABASE_FILE: made };
  assert.equal(start(folder, config, env).status, 0);
  const { mode, ino, mtimeMs } = statSync(made);
  assert.equal(mode & 0o077, 0);
  assert.equal(start(folder, config, env).status, 0);
  assert.deepEqual([statSync(made).ino, statSync(made).mtimeMs], [ino, mtimeMs]);
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
  test(`${what} keeps the server from starting`, (t) => {
    const folder = tempFolder(t);
    const { status, stderr } = start(folder, config(folder));
    assert.match(stderr, says);
    assert.equal(status, 78);
  });
}
