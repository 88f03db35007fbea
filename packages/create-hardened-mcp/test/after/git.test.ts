import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initGit } from "../../src/after/git.ts";
import { PLAIN_ENV, tempFolder } from "../support/cli.ts";

const signal = new AbortController().signal;

test("makes a repository with the branch main, and commits nothing", async () => {
  const dir = tempFolder();
  // As in a hook: the variables name another repository.
  const environment = { ...PLAIN_ENV, GIT_DIR: "/nowhere", GIT_WORK_TREE: "/" };
  expect(await initGit(dir, environment, signal)).toBe("made, nothing committed");
  expect(readFileSync(join(dir, ".git/HEAD"), "utf8")).toBe("ref: refs/heads/main\n");
  expect(existsSync(join(dir, ".git/refs/heads/main"))).toBe(false);
});

test("makes none inside a repository, and none without git, and says so", async () => {
  const dir = tempFolder();
  await initGit(dir, PLAIN_ENV, signal);
  mkdirSync(join(dir, "inside"));
  expect(await initGit(join(dir, "inside"), PLAIN_ENV, signal)).toBe("skipped: the folder is in a repository already");
  expect(await initGit(tempFolder(), { PATH: "/nonexistent" }, signal)).toBe("skipped: git is not installed");
});
