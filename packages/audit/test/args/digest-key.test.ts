import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDigester } from "../../src/args/digest-key.ts";
import { temporaryFolder } from "../support.ts";

test("equal arguments have equal digests, in any order of members, over restarts", () => {
  const dir = temporaryFolder();
  const a = openDigester(dir).digest({ path: "x", n: [1, { b: 2, a: null }] });
  const b = openDigester(dir).digest({ n: [1, { a: null, b: 2 }], path: "x" });
  expect(a).toEqual(b);
  expect(a.bytes).toBe('{"n":[1,{"a":null,"b":2}],"path":"x"}'.length);
});

test.each([
  [{ a: "1" }, { a: 1 }],
  [
    { a: undefined, b: 1 },
    { a: null, b: 1 },
  ],
  [["a", "b"], ["a,b"]],
  [{ '"a":1,"b"': 2 }, { a: 1, b: 2 }],
  [{ __proto__: null, x: 1 }, { y: 1 }],
])("tells %j from %j", (left, right) => {
  const { digest } = openDigester(temporaryFolder());
  expect(digest(left).digest).not.toBe(digest(right).digest);
});

test("the same arguments differ between two logs", () => {
  const [a, b] = [openDigester(temporaryFolder()), openDigester(temporaryFolder())];
  expect(a.digest("4111111111111111").digest).not.toBe(b.digest("4111111111111111").digest);
  expect(a.keyId).not.toBe(b.keyId);
});

test("the key is private and complete", () => {
  const dir = temporaryFolder();
  openDigester(dir);
  const info = statSync(join(dir, "digest.key"));
  expect(info.mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dir, "digest.key")).length).toBe(32);
});

test("refuses a key that is a link or has the wrong size", () => {
  const short = temporaryFolder();
  writeFileSync(join(short, "digest.key"), "short", { mode: 0o600 });
  expect(() => openDigester(short)).toThrow(expect.objectContaining({ code: "damaged" }));
  const link = temporaryFolder();
  symlinkSync("/etc/hostname", join(link, "digest.key"));
  expect(() => openDigester(link)).toThrow(expect.objectContaining({ code: "insecure" }));
});

test("refuses values nested too deeply instead of exhausting the stack", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(() => openDigester(temporaryFolder()).digest(deep)).toThrow(expect.objectContaining({ code: "invalid" }));
});
