import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cli, type Ended, FILES_ONLY, tempFolder, UNPRIVILEGED } from "../support/cli.ts";
import { whenStaged, withHook } from "../support/hook.ts";
import { rights, tree } from "../support/tree.ts";

let cwd: string;
let project: string;
const make = (env: NodeJS.ProcessEnv = {}, ...flags: readonly string[]): Promise<Ended> =>
  cli(["project", ...FILES_ONLY, ...flags], { cwd, env });

beforeEach(() => {
  cwd = tempFolder();
  project = join(cwd, "project");
});

describe("what somebody puts there while the files are written is not replaced:", () => {
  const put = (path: string) =>
    withHook(whenStaged(`fs.writeFileSync(${JSON.stringify(path)}, "mine", { flag: "wx" })`));

  test.each([
    ["an empty folder", []],
    ["an empty folder, with --overwrite", ["--overwrite"]],
  ] as const)("%s", async (_, flags) => {
    mkdirSync(project);
    const { code, err } = await make(put(join(project, "package.json")), ...flags);
    expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("somebody else has put something there") });
    expect(readFileSync(join(project, "package.json"), "utf8")).toBe("mine");
    expect(tree(project)).toEqual({ "package.json": "644" });
  });

  test("the folder that one is in", async () => {
    mkdirSync(project);
    const env = put(join(project, "tsconfig.json"));
    expect((await cli([".", ...FILES_ONLY], { cwd: project, env })).code).toBe(73);
    expect(readFileSync(join(project, "tsconfig.json"), "utf8")).toBe("mine");
    expect(tree(project)).toEqual({ "tsconfig.json": "644" });
  });

  test("a folder with a repository", async () => {
    mkdirSync(join(project, ".git"), { recursive: true });
    expect((await make(put(join(project, "README.md")))).code).toBe(73);
    expect(readFileSync(join(project, "README.md"), "utf8")).toBe("mine");
    expect(tree(project)).toEqual({ ".git": "755", "README.md": "644" });
  });

  test("a folder that was not there", async () => {
    const env = withHook(whenStaged(`fs.mkdirSync(${JSON.stringify(project)}, { mode: 0o700 })`));
    expect(await make(env)).toMatchObject({
      code: 73,
      err: expect.stringContaining("somebody else has put something there"),
    });
    expect(tree(cwd)).toEqual({ project: "700" });
  });

  test("a folder of the project's, with something of theirs in it, stays with that", async () => {
    mkdirSync(project);
    const mine = JSON.stringify(join(project, "src"));
    const env = withHook(whenStaged(`fs.mkdirSync(${mine}); fs.writeFileSync(${mine} + "/main.ts", "mine")`));
    expect((await make(env)).code).toBe(73);
    expect(tree(project)).toEqual({ src: "755", "src/main.ts": "644" });
    expect(readFileSync(join(project, "src/main.ts"), "utf8")).toBe("mine");
  });
});

describe("an empty folder stays the one that it is:", () => {
  test.each([0o700, 0o750, 0o2770, 0o1755])("with its rights (%o)", async (mode) => {
    mkdirSync(project);
    chmodSync(project, mode);
    const { ino } = lstatSync(project);
    expect((await make()).code).toBe(0);
    expect(lstatSync(project)).toMatchObject({ ino, mode: 0o40000 | mode });
    expect(existsSync(join(project, "package.json"))).toBe(true);
  });

  test.runIf(process.getuid?.() === 0)("with its owner", async () => {
    mkdirSync(project);
    chownSync(project, 4242, 4243);
    expect((await make()).code).toBe(0);
    expect(lstatSync(project)).toMatchObject({ uid: 4242, gid: 4243 });
  });

  test("one that its owner may not write to is refused", async () => {
    mkdirSync(project);
    chmodSync(project, 0o555);
    const ended = await cli(["project", ...FILES_ONLY], { cwd, command: UNPRIVILEGED });
    expect(ended).toMatchObject({ code: 73, err: expect.stringContaining("you may not write there") });
    expect(tree(cwd)).toEqual({ project: "555" });
  });

  test("one's own below a folder that one may not write to is used", async () => {
    mkdirSync(join(cwd, "locked/app"), { recursive: true });
    chmodSync(join(cwd, "locked"), 0o555);
    const { code, err } = await cli(["locked/app", ...FILES_ONLY], { cwd, command: UNPRIVILEGED });
    chmodSync(join(cwd, "locked"), 0o755);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readdirSync(join(cwd, "locked/app"))).toContain("package.json");
    expect(readdirSync(join(cwd, "locked"))).toEqual(["app"]);
    expect(rights(join(cwd, "locked/app"))).toBe("755");
  });
});
