import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { IN_FORCE } from "../../src/write/in-force.ts";
import { cli, type Ended, FILES_ONLY, PLAIN_ENV, tempFolder } from "../support/cli.ts";
import { KINDS, planOf, projectOf } from "../support/project.ts";
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

test.each([0o644, 0o660, 0o604])(
  "a key that is kept and that others can read (%o) is closed to them, which is said",
  async (mode) => {
    mkdirSync(join(project, "secrets"));
    writeFileSync(join(project, "secrets/state.key"), "the key of before");
    chmodSync(join(project, "secrets/state.key"), mode);
    const { code, out } = await overwrite("--state", "redis", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kept: ["secrets/state.key"], closed: ["secrets/state.key"] });
    expect(rights(join(project, "secrets/state.key"))).toBe("600");
    expect(JSON.parse((await overwrite("--state", "redis", "--json")).out).closed).toEqual([]);
  },
);

test("a key that is kept and has a second name is refused: others may come to it by that", async () => {
  mkdirSync(join(project, "secrets"));
  writeFileSync(join(cwd, "elsewhere/copy"), "the key of before", { mode: 0o644 });
  linkSync(join(cwd, "elsewhere/copy"), join(project, "secrets/state.key"));
  const { code, err } = await overwrite("--state", "redis");
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("state.key is kept, and has a second name") });
  expect(rights(join(cwd, "elsewhere/copy"))).toBe("644");
  expect(readdirSync(project).sort()).toEqual(["mine.txt", "secrets"]);
});

describe("what somebody keeps out of git stays out of it:", () => {
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: project, env: PLAIN_ENV, encoding: "utf8" });
  const isIgnored = (...paths: readonly string[]) =>
    git("check-ignore", "--no-index", ...paths)
      .trim()
      .split("\n");
  const OURS = ["node_modules/a", "dist/a", "secrets/a", ".env", "a.log"];

  test.each([
    ["a line", "*.pem\n"],
    ["a line without an end", "*.pem"],
    ["lines of another system", "# mine\r\n*.pem\r\n"],
    ["bytes that are no text", "*.pem\n# \xff\xfe\n"],
    ["what is taken back", "*.log\nsecrets/\n*.pem\n!*.log\n!secrets/\n"],
  ])("%s", async (_, mine) => {
    writeFileSync(join(project, ".gitignore"), mine, "latin1");
    git("init", "--quiet");
    expect((await overwrite()).code).toBe(0);
    const once = readFileSync(join(project, ".gitignore"), "latin1");
    expect(once.startsWith(mine)).toBe(true);
    expect(isIgnored("mine.pem", ...OURS)).toEqual(["mine.pem", ...OURS]);
    expect((await overwrite()).code).toBe(0);
    expect(readFileSync(join(project, ".gitignore"), "latin1")).toBe(once);
  });

  test("a link, which git does not read, is replaced", async () => {
    writeFileSync(join(cwd, "elsewhere/lines"), "*.pem\n");
    symlinkSync("../elsewhere/lines", join(project, ".gitignore"));
    expect((await overwrite()).code).toBe(0);
    expect(read("elsewhere/lines")).toBe("*.pem\n");
    expect(lstatSync(join(project, ".gitignore")).isFile()).toBe(true);
    expect(read("project/.gitignore")).not.toContain("*.pem");
  });

  test("no template takes anything back, which would count for the lines above it, too", () => {
    const lines = KINDS.flatMap((template) =>
      planOf(projectOf({ template }) as never)
        .get(".gitignore")
        ?.split("\n"),
    );
    expect(lines).toContain("secrets/");
    expect(lines.filter((line) => line?.startsWith("!"))).toEqual([]);
  });
});

test.each([
  [0o600, "600"],
  [0o640, "640"],
  [0o400, "600"],
  [0o664, "644"],
  [0o6755, "644"],
])("a file that is replaced is no more open to others than it was (%o)", async (mode, after) => {
  writeFileSync(join(project, "package.json"), "old");
  chmodSync(join(project, "package.json"), mode);
  expect((await overwrite()).code).toBe(0);
  expect((lstatSync(join(project, "package.json")).mode & 0o7777).toString(8)).toBe(after);
});

test.each(["state.key", "state-url"])("a %s that is a link is refused, not replaced", async (name) => {
  mkdirSync(join(project, "secrets"));
  writeFileSync(join(cwd, "elsewhere/key"), "the key of before");
  symlinkSync("../../elsewhere/key", join(project, "secrets", name));
  const { code, err } = await overwrite("--state", "redis");
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining(`${name} is a symbolic link or no file`) });
  expect(lstatSync(join(project, "secrets", name)).isSymbolicLink()).toBe(true);
  expect(readdirSync(project).sort()).toEqual(["mine.txt", "secrets"]);
});

describe("what would be in force beside the new project's own is refused:", () => {
  test.each([
    ["minimal", "policy/old.cedar"],
    ["database", "policy/.hidden.cedar"],
    ["http-api", "policy/older/all.cedar"],
    ["filesystem", "files/id_rsa"],
    ["filesystem", "files/notes/mine.md"],
  ])("%s with %s", async (template, path) => {
    mkdirSync(join(project, path, ".."), { recursive: true });
    writeFileSync(join(project, path), "permit (principal, action, resource);");
    const before = tree(project);
    const { code, err } = await overwrite("--template", template);
    expect({ code, err }).toEqual({
      code: 73,
      err: expect.stringMatching(/Nothing was written\. Move that away\.\n$/),
    });
    expect(err).toContain(path.replace("/all.cedar", ""));
    expect(tree(project)).toEqual(before);
  });

  test("a rule of the same name is replaced, and a second run over the same project goes through", async () => {
    mkdirSync(join(project, "policy"));
    writeFileSync(join(project, "policy/project.cedar"), "permit (principal, action, resource);");
    expect((await overwrite("--template", "filesystem")).code).toBe(0);
    expect((await overwrite("--template", "filesystem")).code).toBe(0);
    expect(read("project/policy/project.cedar")).not.toContain("permit (principal, action, resource);");
    expect(readdirSync(join(project, "policy"))).toEqual(["project.cedar"]);
  });

  test("every folder that a configuration names as policy or as served is one of those", () => {
    const named = KINDS.flatMap((template) => {
      const config = JSON.parse(planOf(projectOf({ template }) as never).get("server.config.json") ?? "");
      return [config.policy, ...Object.values(config.roots ?? {})];
    });
    expect(named.filter((folder) => !Object.hasOwn(IN_FORCE, folder))).toEqual([]);
    expect([...new Set(named)].sort()).toEqual(Object.keys(IN_FORCE).sort());
  });
});
