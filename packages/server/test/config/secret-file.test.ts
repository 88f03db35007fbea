import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSecretFile, readSecretText, resolvePath } from "../../src/config/secret-file.ts";
import { ConfigError } from "../../src/errors/config-error.ts";
import { type SecretFolder, secretFolder } from "./support/folder.ts";

const SECRET = "correct-horse-battery";
let folder: SecretFolder;
beforeEach(() => {
  folder = secretFolder();
});
afterEach(() => folder[Symbol.dispose]());

/** What stands in place of a secret, and the words it is refused with. */
const UNFIT: readonly [what: string, make: () => string, message: RegExp][] = [
  ["a file that the group can read", () => folder.write("key", SECRET, 0o640), /can be read by others.*chmod 600/],
  ["a file that everybody can read", () => folder.write("key", SECRET, 0o644), /can be read by others.*chmod 600/],
  ["a file that others can write", () => writable("key"), /can be read by others/],
  ["a link to a file that others can read", () => link(folder.write("key", SECRET, 0o644)), /can be read by others/],
  ["a file that is not there", () => join(folder.path, "gone"), /cannot be read/],
  ["a link that leads nowhere", () => link(join(folder.path, "gone")), /cannot be read/],
  ["an empty file", () => folder.write("key", ""), /is empty/],
  ["a file with a line end and nothing else", () => folder.write("key", "\n"), /is empty/],
  ["a file too large for a secret", () => folder.write("key", Buffer.alloc(64 * 1024 + 1, 1)), /larger than 65536/],
  ["a folder", () => directory("key"), /no plain file/],
  ["a pipe that nobody writes to", () => pipe("key"), /no plain file/],
];

function writable(name: string): string {
  const path = folder.write(name, SECRET);
  chmodSync(path, 0o602);
  return path;
}

function link(target: string): string {
  const path = join(folder.path, "link");
  symlinkSync(target, path);
  return path;
}

function directory(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path, { mode: 0o700 });
  return path;
}

function pipe(name: string): string {
  const path = join(folder.path, name);
  expect(spawnSync("mkfifo", ["-m", "600", path]).status).toBe(0);
  return path;
}

describe("a secret file", () => {
  it.each(UNFIT)("is refused where it is %s", (_, make, message) => {
    const path = make();
    const refused = () => readSecretText(path, "state.urlFile");
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(/^state\.urlFile: /);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(SECRET);
  });

  it("is read where only its owner can", () => {
    expect(readSecretFile(folder.write("key", SECRET), "x").toString()).toBe(SECRET);
    expect(readSecretFile(folder.write("readonly", SECRET, 0o400), "x").toString()).toBe(SECRET);
  });

  it("is read through a link, as orchestrators mount secrets", () => {
    expect(readSecretText(link(folder.write("key", SECRET)), "x")).toBe(SECRET);
  });

  it.each([
    [`${SECRET}\n`, SECRET],
    [`${SECRET}\r\n`, SECRET],
    [`${SECRET}\n\n`, `${SECRET}\n`],
    [` ${SECRET} `, ` ${SECRET} `],
  ])("loses the one line end that editors add, and nothing else: %j", (content, text) => {
    expect(readSecretText(folder.write("key", content), "x")).toBe(text);
  });

  it("may lie below the home directory", () => {
    expect(resolvePath("~/secret")).toBe(join(homedir(), "secret"));
    expect(resolvePath("~")).toBe(homedir());
    expect(resolvePath("/a/~/b")).toBe("/a/~/b");
  });
});
