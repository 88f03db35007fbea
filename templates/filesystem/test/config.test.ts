import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { served } from "./support/served.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", timeout: 20_000 });

test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const file = readFileSync(new URL("../config.schema.json", import.meta.url), "utf8");
  assert.deepEqual(JSON.parse(file), JSON.parse(run("--print-config-schema").stdout));
});

type Keys = Record<string, unknown>;
const NO_START: readonly (readonly [what: string, keys: (folder: string) => Keys, says: RegExp])[] = [
  ["a misspelt key", () => ({ root: {} }), /roots/],
  ["writing allowed by the file", () => ({ allowWrite: true }), /--allow-write/],
  ["a folder that is not there", () => ({ roots: { files: "none" } }), /roots\.files: .*none cannot be served/],
  ["a folder that is too broad", () => ({ roots: { files: "/proc" } }), /cannot be served.*too broad/],
  ["a folder with the audit log", (folder) => ({ auditDir: `${folder}/served/log` }), /could reach .*log/],
  ["a folder in the audit log", (folder) => ({ auditDir: folder }), /could reach/],
  ["a folder with its configuration", (folder) => ({ roots: { files: folder } }), /could reach .*config\.json/],
  [
    "a folder with a key",
    (folder) => ({ state: { url: `sqlite://${folder}/served/state.db` } }),
    /could reach .*state/,
  ],
  ["a folder with the rules", () => ({ roots: { files: "policy" } }), /could reach .*policy/],
  ["a folder of the program", () => ({ roots: { files: "src" } }), /could reach .*src/],
];

for (const [what, keys, says] of NO_START) {
  test(`${what} keeps the server from starting`, (t) => {
    const { folder, config, write } = served(t);
    write("config.json", JSON.stringify({ ...config, auditDir: join(folder, "audit"), ...keys(folder) }));
    const { status, stderr } = run("--config", join(folder, "config.json"));
    assert.equal(status, 78, stderr);
    assert.match(stderr, says);
  });
}
