import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openApi, readToken } from "../src/api.ts";
import { tempFolder } from "./support/session.ts";
import { apiConfig } from "./support/upstream.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", timeout: 20_000 });

test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  const file = readFileSync(new URL("../config.schema.json", import.meta.url), "utf8");
  assert.deepEqual(JSON.parse(file), JSON.parse(run("--print-config-schema").stdout));
});

test("the tools are as tools.lock.json has them, which needs no secret", (t) => {
  const file = join(tempFolder(t), "config.json");
  const api = { baseUrl: "https://api.example.com", token: { file: "secrets/none" } };
  writeFileSync(file, JSON.stringify({ api }), { mode: 0o600 });
  const { status, stdout, stderr } = run("--config", file, "--check-tools-lock");
  assert.equal(status, 0, stdout + stderr);
  assert.match(run("--config", file).stderr, /api\.token\.file: .*none cannot be read/);
});

test("a misspelt key keeps the server from starting", (t) => {
  const file = join(tempFolder(t), "config.json");
  writeFileSync(file, JSON.stringify({ api: { baseURL: "https://api.example.com" } }), { mode: 0o600 });
  const { status, stderr } = run("--config", file);
  assert.equal(status, 78);
  assert.match(stderr, /baseUrl/);
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
