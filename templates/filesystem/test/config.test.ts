import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { failedStart, printedSchema } from "@hardened-mcp/server/testing";
import { served } from "./support/served.ts";

// Tests run in the project's folder.
test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  assert.deepEqual(JSON.parse(readFileSync("config.schema.json", "utf8")), printedSchema());
});

type Keys = Readonly<Record<string, unknown>>;
const roots = (files: string): Keys => ({ roots: { files } });
const NO_START: readonly (readonly [what: string, keys: (folder: string) => Keys, says: RegExp])[] = [
  ["a misspelt key", () => ({ root: {} }), /roots/],
  ["writing allowed by the file", () => ({ allowWrite: true }), /--allow-write/],
  ["a folder that is not there", () => roots("none"), /roots\.files: .*none cannot be served/],
  ["a folder that is too broad", () => roots("/proc"), /cannot be served.*too broad/],
  ["a folder with the audit log", (at) => ({ auditDir: `${at}/served/log` }), /could reach .*log/],
  ["a folder in the audit log", (at) => ({ auditDir: at }), /could reach/],
  ["a folder with its configuration", roots, /could reach .*config\.json/],
  ["a folder with a key", (at) => ({ state: { url: `sqlite://${at}/served/state.db` } }), /could reach .*state/],
  ["a folder with the rules", () => roots("policy"), /could reach .*policy/],
  ["a folder of the program", () => roots("src"), /could reach .*src/],
];
for (const [what, keys, says] of NO_START) {
  test(`${what} keeps the server from starting`, async (t) => {
    const { folder, config } = served(t);
    const { code, message } = await failedStart(t, { folder, config: { ...config, ...keys(folder) } });
    assert.match(message, says);
    assert.equal(code, 78);
  });
}
