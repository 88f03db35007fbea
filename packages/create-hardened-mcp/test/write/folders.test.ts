import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders, removeFolders } from "../../src/write/folders.ts";
import { cli, FILES_ONLY, tempFolder } from "../support/cli.ts";
import { refusing, withHook } from "../support/hook.ts";

test("makes what is missing, outside first, and removes it inside first", () => {
  const cwd = tempFolder();
  mkdirSync(join(cwd, "a"));
  const made = makeFolders(join(cwd, "a/b/c/d"));
  expect(made).toEqual(["a/b", "a/b/c", "a/b/c/d"].map((path) => join(cwd, path)));
  removeFolders(made);
  expect(readdirSync(join(cwd, "a"))).toEqual([]);
});

test("one that somebody has put something into stays, with those above it, and those below it go", () => {
  const cwd = tempFolder();
  const made = makeFolders(join(cwd, "a/b/c"));
  writeFileSync(join(cwd, "a/b/mine"), "");
  removeFolders(made);
  expect(readdirSync(join(cwd, "a/b"))).toEqual(["mine"]);
});

test("where the last of three cannot be made, none is left", async () => {
  const cwd = tempFolder();
  const env = withHook(refusing("mkdirSync", `String(from).endsWith("/a/b/c")`, "ENOSPC"));
  const { code, err } = await cli(["a/b/c/project", ...FILES_ONLY], { cwd, env });
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("the disk is full. Nothing of it is left.") });
  expect(existsSync(join(cwd, "a"))).toBe(false);
});

test("where the project cannot be made below new folders, none of them is left", async () => {
  const cwd = tempFolder();
  const env = withHook(refusing("renameSync", `String(to).endsWith("/a/b/project")`, "ENOSPC"));
  expect((await cli(["a/b/project", ...FILES_ONLY], { cwd, env })).code).toBe(73);
  expect(readdirSync(cwd)).toEqual([]);
});
