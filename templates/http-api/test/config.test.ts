import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openApi, readToken } from "../src/api.ts";
import { failedStart, tempFolder } from "./support/start.ts";
import { apiConfig } from "./support/upstream.ts";

// Tests run in the project's folder.
test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const printed = execFileSync(process.execPath, ["src/cli.ts", "--print-config-schema"], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(readFileSync("config.schema.json", "utf8")), JSON.parse(printed));
});

test("the token is needed to serve, and not to check the tools", async (t) => {
  const api = { baseUrl: "https://api.example.com", token: { file: "secrets/none" } };
  const { message } = await failedStart(t, { config: { api } });
  assert.match(message, /api\.token\.file: .*none cannot be read/);
  const missing = await failedStart(t, { config: { api }, flags: ["--check-tools-lock", "--tools-lock", "none.json"] });
  assert.match(missing.message, /none\.json/);
});

test("a misspelt key keeps the server from starting", async (t) => {
  const { code, message } = await failedStart(t, { config: { api: { baseURL: "https://api.example.com" } } });
  assert.equal(code, 78);
  assert.match(message, /baseUrl/);
});

const NOT_AN_API: readonly (readonly [what: string, api: object, says: RegExp])[] = [
  ["plain http to another machine", { baseUrl: "http://api.example.com" }, /https/],
  ["plain http to a private address", { baseUrl: "http://10.0.0.1", privateAddresses: ["10.0.0.0/8"] }, /https/],
  ["a password in the URL", { baseUrl: "https://a:b@api.example.com" }, /password/],
  ["a query", { baseUrl: "https://api.example.com/?key=b" }, /baseUrl/],
  [
    "a range that is none",
    { baseUrl: "https://api.example.com", privateAddresses: ["10.0.0.0/99"] },
    /privateAddresses/,
  ],
];

for (const [what, api, says] of NOT_AN_API) {
  test(`${what} keeps the server from starting`, () => {
    assert.throws(() => openApi(apiConfig({ ...api }), { token: undefined }), { name: "ConfigError", message: says });
  });
}

const NO_TOKEN: readonly (readonly [what: string, text: string, mode: number])[] = [
  ["that others can read", "correct-horse", 0o644],
  ["with another header in it", "correct-horse\r\nx-admin: 1", 0o600],
  ["that is empty", "", 0o600],
];

for (const [what, text, mode] of NO_TOKEN) {
  test(`a token ${what} keeps the server from starting`, (t) => {
    const file = join(tempFolder(t), "api-token");
    writeFileSync(file, text, { mode });
    const api = apiConfig({ baseUrl: "https://api.example.com", token: { file } });
    assert.throws(() => readToken(api), { name: "ConfigError" });
  });
}
