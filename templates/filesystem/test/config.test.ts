import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { served } from "./support/served.ts";
import { failedStart } from "./support/start.ts";

// Tests run in the project's folder.
test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const printed = execFileSync(process.execPath, ["src/cli.ts", "--print-config-schema"], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(readFileSync("config.schema.json", "utf8")), JSON.parse(printed));
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
  test(`${what} keeps the server from starting`, async (t) => {
    const { folder, config } = served(t);
    const { code, message } = await failedStart(t, { folder, config: { ...config, ...keys(folder) } });
    assert.equal(code, 78, message);
    assert.match(message, says);
  });
}
