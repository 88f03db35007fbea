import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { cli, type Ended, FILES_ONLY, tempFolder } from "../support/cli.ts";
import { rights, tree } from "../support/tree.ts";

let cwd: string;
let project: string;
const read = (path: string) => readFileSync(join(cwd, path), "utf8");
const overwrite = (...flags: readonly string[]): Promise<Ended> =>
  cli(["project", ...FILES_ONLY, "--overwrite", ...flags], { cwd });

beforeEach(() => {
  cwd = tempFolder();
  project = join(cwd, "project");
  mkdirSync(join(cwd, "elsewhere"));
  mkdirSync(project);
  writeFileSync(join(project, "mine.txt"), "mine");
});

test("files of the same name are replaced, all others stay", async () => {
  writeFileSync(join(project, "package.json"), "old");
  expect((await overwrite()).code).toBe(0);
  expect(JSON.parse(read("project/package.json")).name).toBe("project");
  expect(read("project/mine.txt")).toBe("mine");
  expect(readdirSync(project).filter((name) => name.startsWith(".create"))).toEqual([]);
});

test("a folder that is a link is not written through, and nothing else is written either", async () => {
  symlinkSync("../elsewhere", join(project, "src"));
  const { code, err } = await overwrite();
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining(`${project}/src is a symbolic link`) });
  expect(tree(join(cwd, "elsewhere"))).toEqual({});
  expect(readdirSync(project).sort()).toEqual(["mine.txt", "src"]);
});

test("a target that is a link is refused", async () => {
  symlinkSync("elsewhere", join(cwd, "linked"));
  const { code, err } = await cli(["linked", ...FILES_ONLY, "--overwrite"], { cwd });
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("is a symbolic link") });
  expect(tree(join(cwd, "elsewhere"))).toEqual({});
});

test("a file that is a link is replaced; what it points to keeps its content", async () => {
  writeFileSync(join(cwd, "elsewhere/target"), "theirs");
  symlinkSync("../elsewhere/target", join(project, "package.json"));
  expect((await overwrite()).code).toBe(0);
  expect(read("elsewhere/target")).toBe("theirs");
  expect(lstatSync(join(project, "package.json")).isFile()).toBe(true);
});

test("a file with a second name is replaced; the other name keeps its content", async () => {
  writeFileSync(join(cwd, "elsewhere/other"), "theirs");
  linkSync(join(cwd, "elsewhere/other"), join(project, "package.json"));
  expect((await overwrite()).code).toBe(0);
  expect(read("elsewhere/other")).toBe("theirs");
});

test("a folder in the place of a file is refused before anything is written", async () => {
  mkdirSync(join(project, "server.config.json"));
  const { code, err } = await overwrite();
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("server.config.json is a folder") });
  expect(readdirSync(project).sort()).toEqual(["mine.txt", "server.config.json"]);
});

test("the key that seals the store is kept, and its folder closed to others", async () => {
  mkdirSync(join(project, "secrets"), { mode: 0o755 });
  writeFileSync(join(project, "secrets/state.key"), "the key of before");
  const { code, out } = await overwrite("--state", "redis");
  expect(code).toBe(0);
  expect(out).toContain("Kept as they were: secrets/state.key.");
  expect(read("project/secrets/state.key")).toBe("the key of before");
  expect(rights(join(project, "secrets"))).toBe("700");
});
