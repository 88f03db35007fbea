import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type OpenStateOptions, openState } from "../../src/index.ts";
import { freshFolder } from "../support/settings.ts";

const macKeys = [randomBytes(32)];
const right: OpenStateOptions = { namespace: "notes", macKeys };

test("memory needs no key", async () => {
  const store = await openState("memory:", { namespace: "notes" });
  await store.put("a", "1", { ttlMs: 1_000 });
  expect(await store.get("a")).toBe("1");
  await store.close();
});

test.each([
  ["no macKeys", { namespace: "notes" }, "needs macKeys"],
  ["an empty list of macKeys", { namespace: "notes", macKeys: [] }, "needs macKeys"],
  ["a short key", { namespace: "notes", macKeys: [randomBytes(31)] }, "32 random bytes"],
  ["a short older key", { namespace: "notes", macKeys: [randomBytes(32), randomBytes(16)] }, "32 random bytes"],
  ["no namespace", { macKeys }, "namespace"],
  ["an empty namespace", { namespace: "", macKeys }, "namespace"],
  ["a namespace with a brace", { namespace: "a}b", macKeys }, "namespace"],
  ["a namespace that is too long", { namespace: "a".repeat(65), macKeys }, "namespace"],
  ["no time", { ...right, timeoutMs: 0 }, "timeoutMs"],
  ["endless time", { ...right, connectTimeoutMs: Number.POSITIVE_INFINITY }, "connectTimeoutMs"],
  ["a clock that may be a day wrong", { ...right, maxSkewMs: 86_400_000 }, "maxSkewMs"],
  ["a misspelt option", { ...right, timeoutMS: 5 }, 'Did you mean "timeoutMs"?'],
  ["an option of no kind", { ...right, password: "x" }, 'no option "password"'],
  ["a misspelt part of tls", { ...right, tls: { cA: "x" } }, 'Did you mean "ca"?'],
])("refuses %s", async (_, options, reason) => {
  const path = join(freshFolder(), "state.db");
  const opening = openState(`sqlite://${path}`, options as OpenStateOptions);
  await expect(opening).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining(reason) });
});

test.each([
  "redis://store.example",
  "redis://10.0.0.7",
  "redis://128.0.0.1",
  "redis://localhost.example",
  "redis://127.0.0.1.example",
  "redis://[::2]",
  "postgres://store.example/notes",
  "postgres://10.0.0.7/notes?sslmode=disable",
  "postgres://127.0.0.1/notes?host=10.0.0.7",
])("sends nothing in the clear to %s", async (url) => {
  const opening = openState(url, right);
  await expect(opening).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("not be encrypted"),
  });
});

test.each([
  ["better-sqlite3", "sqlite:///nowhere/state.db"],
  ["pg", "postgres://127.0.0.1:1/notes"],
  ["ioredis", "redis://127.0.0.1:1"],
])("says what to install where %s is missing", (name, url) => {
  const folder = freshFolder();
  cpSync(join(import.meta.dirname, "../../src"), join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const script = `
    import { openState } from "./src/index.ts";
    await openState("memory:", { namespace: "n" });
    const macKeys = [Buffer.alloc(32)];
    await openState(process.argv[2], { namespace: "n", macKeys }).catch((e) => console.log(e.code, e.message));`;
  writeFileSync(join(folder, "main.ts"), script);
  const { stdout } = spawnSync(process.execPath, [join(folder, "main.ts"), url], { encoding: "utf8" });
  expect(stdout).toContain("invalid");
  expect(stdout).toContain(`npm install ${name}`);
});
