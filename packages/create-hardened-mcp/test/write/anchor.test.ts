import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeAnchors, openAnchor } from "../../src/write/anchor.ts";
import { tempFolder } from "../support/cli.ts";

test("a link that is put in the place of a folder meanwhile leads nowhere", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "src"));
  mkdirSync(join(folder, "elsewhere"));
  const anchor = openAnchor(join(folder, "src"), "src");
  renameSync(join(folder, "src"), join(folder, "moved"));
  symlinkSync("elsewhere", join(folder, "src"));
  writeFileSync(join(anchor.path, "file"), "mine");
  closeAnchors([anchor]);
  expect(existsSync(join(folder, "elsewhere/file"))).toBe(false);
  expect(readFileSync(join(folder, "moved/file"), "utf8")).toBe("mine");
});

test.each(["link", "file"])("a %s is no folder", (name) => {
  const folder = tempFolder();
  mkdirSync(join(folder, "there"));
  symlinkSync("there", join(folder, "link"));
  writeFileSync(join(folder, "file"), "");
  expect(() => openAnchor(join(folder, name), name)).toThrow(`${name} is a symbolic link or a file`);
});
