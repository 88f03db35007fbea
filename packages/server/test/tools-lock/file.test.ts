import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLock, writeLock } from "../../src/tools-lock/file.ts";
import { formatLock } from "../../src/tools-lock/format.ts";
import { lockFile, lockFor, REVIEWED, start, tempFolder } from "./support/locked.ts";

const text = formatLock(lockFor());
const changed = (from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

/** What stands in the place of a lock, and what the operator is told. */
const UNFIT: readonly (readonly [what: string, content: () => string | Uint8Array, message: string])[] = [
  ["nothing", () => "", "is not JSON"],
  ["half of one", () => text.slice(0, text.length / 2), "is not JSON"],
  ["a merge conflict", () => `<<<<<<< HEAD\n${text}`, "is not JSON"],
  ["bytes that are no text", () => Uint8Array.of(0x7b, 0xff, 0x7d), "not valid UTF-8"],
  ["a byte order mark", () => `\ufeff${text}`, "byte order mark"],
  ["a list", () => "[]", "without a version"],
  ["null", () => "null", "without a version"],
  ["another version", () => changed('"version": 1', '"version": 2'), "is of version 2; this server reads version 1"],
  ["a version that is text", () => changed('"version": 1', '"version": "1"'), "without a version"],
  ["another server's", () => changed('"server": "test"', '"server": "tast"'), 'another server, not of "test"'],
  ["a tool twice", () => changed('"tools": {', '"tools": {\n"echo": {},'), "the same key twice"],
  ["a prototype", () => changed('"tools": {', '"tools": {\n"__proto__": {},'), "__proto__"],
  ["an unknown key", () => changed('"instructions"', '"instructoins"'), 'Did you mean "instructions"?'],
  ["an unknown part", () => changed('"annotations"', '"anotations"'), 'Did you mean "tools.echo.annotations"?'],
  ["a tool without a hash", () => changed('"definition"', '"title"'), "tools.echo.definition"],
  ["an effect that there is not", () => changed('"effect": "read"', '"effect": "reads"'), "tools.echo.effect"],
  ["a scope that moves the cursor", () => changed('"scope": "echo:use"', '"scope": "\\u001b[2J"'), "not a scope"],
  ["a name that hides", () => changed('"echo": {', '"ec\u200bho": {'), "not a name"],
];

describe("a lock", () => {
  it.each(UNFIT)("that is %s refuses the start, and says why", async (_, content, message) => {
    const { refused, detail } = await start(REVIEWED, { file: lockFile(content()) });
    expect(refused?.message).toContain(message);
    expect(refused?.message).toContain("--write-tools-lock");
    expect(detail).toMatchObject({ outcome: "refused", why: "unfit" });
  });

  it("that is not there refuses the start", async () => {
    const { refused } = await start(REVIEWED, { file: join(tempFolder(), "none.json"), writeWith: "npm run lock" });
    expect(refused?.message).toContain("There is no tools lock");
    expect(refused?.message).toContain("npm run lock");
  });

  it.skipIf(process.platform === "win32")("that everybody can write was reviewed by nobody", async () => {
    const file = lockFile(lockFor(), 0o646);
    expect((await start(REVIEWED, { file })).refused?.message).toContain(`chmod o-w ${file}`);
  });

  it("that is a folder, or a pipe nobody writes to, refuses the start at once", async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "folder"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    for (const name of ["folder", "pipe"]) {
      expect((await start(REVIEWED, { file: join(folder, name) })).refused?.message).toContain("no plain file");
    }
  });

  it("may be a link, as where a cluster mounts it", async () => {
    const link = join(tempFolder(), "link.json");
    symlinkSync(lockFile(), link);
    expect((await start(REVIEWED, { file: link })).refused).toBeUndefined();
  });
});

describe("writing a lock", () => {
  it("leaves one file that only its owner can write, whatever the umask", () => {
    const file = join(tempFolder(), "tools.lock.json");
    const umask = process.umask(0);
    try {
      writeLock(file, lockFor());
    } finally {
      process.umask(umask);
    }
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(dirname(file))).toEqual(["tools.lock.json"]);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(readLock(file)?.lock).toEqual(lockFor());
  });

  it("keeps what was there where it cannot be replaced", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "tools.lock.json"));
    expect(() => writeLock(join(folder, "tools.lock.json"), lockFor())).toThrow("cannot be written");
    expect(readdirSync(folder)).toEqual(["tools.lock.json"]);
  });
});
