import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failedStart, printedSchema, tempFolder } from "@hardened-mcp/server/testing";

// Tests run in the project's folder.
test("config.schema.json is what the command prints: `npm run schema` writes it", () => {
  assert.deepEqual(JSON.parse(readFileSync("config.schema.json", "utf8")), printedSchema());
});

test("the token is needed to serve, and not to check the tools", async (t) => {
  const config = { api: { baseUrl: "https://api.example.com", token: { file: "secrets/none" } } };
  const { message } = await failedStart(t, { config });
  assert.match(message, /api\.token\.file: .*none cannot be read/);
  const missing = await failedStart(t, { config, flags: ["--check-tools-lock", "--tools-lock", "none.json"] });
  assert.match(missing.message, /none\.json/);
});

const PUBLIC = "https://api.example.com";
type Case = readonly [what: string, api: object, says: RegExp, token?: string, mode?: number];
const NO_START: readonly Case[] = [
  ["a misspelt key", { baseURL: PUBLIC }, /baseUrl/],
  ["plain http to another machine", { baseUrl: "http://api.example.com" }, /https/],
  ["plain http to a private address", { baseUrl: "http://10.0.0.1", privateAddresses: ["10.0.0.0/8"] }, /https/],
  ["a password in the URL", { baseUrl: "https://a:b@api.example.com" }, /password/],
  ["a query", { baseUrl: `${PUBLIC}/?key=b` }, /baseUrl/],
  ["a range that is none", { baseUrl: PUBLIC, privateAddresses: ["10.0.0.0/99"] }, /privateAddresses/],
  ["a token that others can read", { baseUrl: PUBLIC }, /api\.token\.file/, "correct-horse", 0o644],
  ["a token with another header in it", { baseUrl: PUBLIC }, /api\.token\.file/, "correct-horse\r\nx-admin: 1"],
  ["a token that is empty", { baseUrl: PUBLIC }, /api\.token\.file/, ""],
];
for (const [what, api, says, token = "correct-horse", mode = 0o600] of NO_START) {
  test(`${what} keeps the server from starting`, async (t) => {
    const file = join(tempFolder(t), "api-token");
    writeFileSync(file, token, { mode });
    const { code, message } = await failedStart(t, { config: { api: { token: { file }, ...api } } });
    assert.match(message, says);
    assert.equal(code, 78);
  });
}
