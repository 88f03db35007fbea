import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cli, type Ended, FILES_ONLY, tempFolder } from "../support/cli.ts";
import { refusing, whenStaged, withHook } from "../support/hook.ts";
import { tree } from "../support/tree.ts";

let cwd: string;
let project: string;
const read = (path: string) => readFileSync(join(project, path), "utf8");
const overwrite = (...scripts: readonly string[]): Promise<Ended> =>
  cli(["project", ...FILES_ONLY, "--overwrite"], { cwd, env: withHook(...scripts) });

const LAST = refusing("linkSync", `String(to).endsWith("/tsconfig.json")`);

beforeEach(() => {
  cwd = tempFolder();
  project = join(cwd, "project");
  mkdirSync(project);
  for (const path of ["README.md", "package.json", "tsconfig.json"]) writeFileSync(join(project, path), `my ${path}`);
});

test("a disk that refuses one file has everything put back", async () => {
  const before = tree(project);
  const { code, err } = await overwrite(LAST);
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("the disk failed. Nothing of it is left.") });
  expect(tree(project)).toEqual(before);
  for (const path of Object.keys(before)) expect(read(path)).toBe(`my ${path}`);
});

describe("where putting back fails, too,", () => {
  test.each([
    ["a file of ours cannot be removed", refusing("unlinkSync", `/fd.\\d+.package.json$/.test(from)`)],
    ["the file of before cannot be moved", refusing("renameSync", `from.endsWith("/before/package.json")`)],
  ])("because %s, no original is lost, all others are put back, and it says where the rest is", async (_, script) => {
    const { code, err } = await overwrite(LAST, script);
    const [stage = ""] = readdirSync(project).filter((name) => name.startsWith(".create-hardened-mcp-"));
    expect(code).toBe(73);
    expect(err).toContain(`Not all could be taken back (`);
    expect(err).toContain(`: package.json. What was there before is in ${project}/${stage}/before,`);
    expect(err).toContain(`then remove ${project}/${stage}.`);
    expect(read(`${stage}/before/package.json`)).toBe("my package.json");
    expect(read("README.md")).toBe("my README.md");
    expect(read("tsconfig.json")).toBe("my tsconfig.json");
    expect(readdirSync(join(project, stage, "before"))).toEqual(["package.json"]);
    expect(readdirSync(project).filter((name) => name !== "package.json")).toEqual([
      stage,
      "README.md",
      "tsconfig.json",
    ]);
  });

  test("and none of it was somebody's, that is said, and no hidden folder stays", async () => {
    const { code, err } = await overwrite(LAST, refusing("unlinkSync", `/fd.\\d+.AGENTS.md$/.test(from)`));
    expect({ code, err }).toEqual({
      code: 73,
      err: expect.stringMatching(/Not all could be taken back \(the disk failed\): AGENTS\.md\.\n$/),
    });
    expect(readdirSync(project)).toEqual(["AGENTS.md", "README.md", "package.json", "tsconfig.json"]);
  });
});

test("what somebody puts in the place of a file that was moved aside stays; the one of before is named", async () => {
  const script = `const real = fs.renameSync;
fs.renameSync = (from, to) => {
  real(from, to);
  if (to.endsWith("/before/package.json")) fs.writeFileSync(from, "theirs");
};`;
  const { code, err } = await overwrite(script);
  expect({ code, err }).toEqual({
    code: 73,
    err: expect.stringContaining("What was there before is in"),
  });
  expect(read("package.json")).toBe("theirs");
  expect(read("README.md")).toBe("my README.md");
});

test("what somebody puts in the place of a file of ours stays, when the rest is taken back", async () => {
  const script = `const real = fs.linkSync;
fs.linkSync = (from, to) => {
  if (to.endsWith("/tsconfig.json")) {
    fs.writeFileSync("mine", "theirs");
    fs.renameSync("mine", "project/AGENTS.md");
    throw Object.assign(new Error("refused"), { code: "EIO" });
  }
  return real(from, to);
};`;
  expect((await overwrite(script)).code).toBe(73);
  expect(read("AGENTS.md")).toBe("theirs");
  expect(readdirSync(project)).toEqual(["AGENTS.md", "README.md", "package.json", "tsconfig.json"]);
});

test("a folder of ours that somebody has put something into stays with that, and nothing is said to be left of ours", async () => {
  const script = `const real = fs.linkSync;
fs.linkSync = (from, to) => {
  if (to.endsWith("/tsconfig.json")) {
    fs.writeFileSync("project/src/mine.ts", "theirs");
    throw Object.assign(new Error("refused"), { code: "EIO" });
  }
  return real(from, to);
};`;
  const { code, err } = await overwrite(script);
  expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("the disk failed. Nothing of it is left.") });
  expect(readdirSync(join(project, "src"))).toEqual(["mine.ts"]);
  expect(readdirSync(project)).toEqual(["README.md", "package.json", "src", "tsconfig.json"]);
});

describe("on a disk without second names", () => {
  const NO_LINKS = refusing("linkSync", "true", "EPERM");

  test("the project is written, and what was there replaced", async () => {
    expect(await overwrite(NO_LINKS)).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(read("package.json")).name).toBe("project");
    expect(tree(project)).toMatchObject({ "package.json": "644" });
  });

  test("what somebody puts there meanwhile is not replaced", async () => {
    const dir = join(cwd, "empty");
    mkdirSync(dir);
    const put = whenStaged(`fs.writeFileSync("empty/package.json", "mine")`);
    expect((await cli(["empty", ...FILES_ONLY], { cwd, env: withHook(NO_LINKS, put) })).code).toBe(73);
    expect(readFileSync(join(dir, "package.json"), "utf8")).toBe("mine");
    expect(readdirSync(dir)).toEqual(["package.json"]);
  });
});

describe("a hidden folder that cannot be removed is named,", () => {
  const STAYS = refusing("rmSync", `from.includes(".create-hardened-mcp-")`, "EBUSY");

  test("where the project was made", async () => {
    const { code, err } = await overwrite(STAYS);
    expect({ code, err }).toEqual({
      code: 73,
      err: expect.stringMatching(/All files of the project are in .*The hidden folder .* Remove it\.\n$/),
    });
    expect(JSON.parse(read("package.json")).name).toBe("project");
  });

  test("where it was not, and it does not say that nothing is left", async () => {
    const { code, err } = await overwrite(STAYS, LAST);
    expect({ code, err }).toEqual({ code: 73, err: expect.stringMatching(/The hidden folder .* Remove it\.\n$/) });
    expect(err).not.toContain("Nothing of it is left");
    expect(read("package.json")).toBe("my package.json");
  });
});
