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
import { cli, type Ended, FILES_ONLY, tempFolder } from "../support/cli.ts";
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
