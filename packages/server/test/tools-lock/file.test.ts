import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeNewLock } from "../../src/tools-lock/command.ts";
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
  [
    "a key that every object has",
    () => changed('"instructions"', '"constructor": 1, "instructions"'),
    'Unknown key "constructor"',
  ],
  [
    "the same in a tool",
    () => changed('"annotations"', '"toString": 1, "annotations"'),
    'Unknown key "tools.echo.toString"',
  ],
  ["answers that it says are marked", () => changed('"scope"', '"untrusted": true, "scope"'), "tools.echo.untrusted"],
  [
    "a hash of another algorithm",
    () => changed('"definition": "', '"definition": "sha1-'),
    "tools.echo.definition: not a SHA-256",
  ],
  [
    "a hash in hex",
    () => text.replace(/"definition": "[^"]*"/, `"definition": "${"0".repeat(64)}"`),
    "tools.echo.definition: not a SHA-256",
  ],
  ["a name in letters that look the same", () => changed('"echo": {', '"\u0435cho": {'), "not a name"],
  [
    "two tools by names that differ in form alone",
    () => changed('"tools": {', '"tools": {\n"\\u0065cho": {},'),
    "the same key twice",
  ],
  ["an empty object", () => "{}", "without a version"],
  ["a version alone", () => '{ "version": 1 }', "tools: missing"],
  ["nested deeper than any", () => `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`, "not fit to be read"],
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

  it("that is a link refuses the start", async () => {
    const link = join(tempFolder(), "link.json");
    symlinkSync(lockFile(), link);
    const { refused, detail } = await start(REVIEWED, { file: link });
    expect(refused?.message).toContain("is a link");
    expect(detail).toMatchObject({ outcome: "refused", why: "unfit" });
  });

  it("that takes more memory than any server's is not read", async () => {
    const file = lockFile();
    truncateSync(file, 16 * 1024 * 1024 + 1);
    expect((await start(REVIEWED, { file })).refused?.message).toContain("is larger than 16777216 bytes");
  });
});

describe("writing a lock", () => {
  it.each([0, 0o077])(
    "leaves one file that all can read and only its owner can write, whatever the umask: %i",
    (mask) => {
      const file = join(tempFolder(), "tools.lock.json");
      const umask = process.umask(mask);
      try {
        writeLock(file, lockFor());
      } finally {
        process.umask(umask);
      }
      expect(statSync(file).mode & 0o777).toBe(0o644);
      expect(readdirSync(dirname(file))).toEqual(["tools.lock.json"]);
      expect(readFileSync(file, "utf8")).toBe(text);
      expect(readLock(file)?.lock).toEqual(lockFor());
    },
  );

  it("does not go through a link, to a file or to nothing", () => {
    for (const there of [true, false]) {
      const [folder, elsewhere] = [tempFolder(), join(tempFolder(), "other.json")];
      if (there) writeFileSync(elsewhere, text);
      const link = join(folder, "tools.lock.json");
      symlinkSync(elsewhere, link);
      expect(() => writeNewLock(link, lockFor({ tools: [] }))).toThrow("is a link");
      // Swapped in after that look.
      writeLock(link, lockFor({ tools: [] }));
      expect(lstatSync(link).isFile()).toBe(true);
      expect(existsSync(elsewhere) && readFileSync(elsewhere, "utf8")).toBe(there && text);
    }
  });

  it("keeps what was there where it cannot be replaced", () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "tools.lock.json"));
    expect(() => writeLock(join(folder, "tools.lock.json"), lockFor())).toThrow("cannot be written");
    expect(readdirSync(folder)).toEqual(["tools.lock.json"]);
  });
});
