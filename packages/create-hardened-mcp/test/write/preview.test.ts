import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { CLI, cli, FILES_ONLY, tempFolder, UNPRIVILEGED } from "../support/cli.ts";
import { tree } from "../support/tree.ts";

let cwd: string;
let project: string;

beforeEach(() => {
  cwd = tempFolder();
  project = join(cwd, "project");
});

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(project, path, ".."), { recursive: true });
    writeFileSync(join(project, path), "mine");
  }
}

function linkKey(): void {
  put("key");
  mkdirSync(join(project, "secrets"));
  symlinkSync("../key", join(project, "secrets/state.key"));
}

type Command = readonly [string, ...string[]];
const NODE: Command = [process.execPath, CLI];

/** Runs the command dry and in earnest. */
async function both(flags: readonly string[], command = NODE, dir = "project") {
  const args = [dir, ...FILES_ONLY, "--json", ...flags];
  const before = tree(cwd);
  const dry = await cli([...args, "--dry-run"], { cwd, command });
  expect(tree(cwd)).toEqual(before);
  return { dry, real: await cli(args, { cwd, command }) };
}

describe("a dry run answers what the run does,", () => {
  test.each([
    ["into a folder that is not there", () => undefined],
    ["into an empty one", () => void mkdirSync(project)],
    ["over somebody's files", () => put("README.md", "src/main.ts", "src/mine.ts", ".gitignore")],
    ["over a store's secrets", () => put("secrets/state.key", "secrets/state-url", "package.json")],
  ])("%s", async (_, prepare) => {
    prepare();
    const { dry, real } = await both(["--overwrite", "--state", "redis"]);
    expect({ code: dry.code, err: dry.err }).toEqual({ code: 0, err: "" });
    const { dryRun, ...would } = JSON.parse(dry.out);
    const { dryRun: no, git: _git, ...did } = JSON.parse(real.out);
    expect([dryRun, no]).toEqual([true, false]);
    expect(would).toEqual({ ...did, git: "not made" });
  });

  test("and names for people what would be replaced and what would stay", async () => {
    put("README.md", "src/main.ts", "secrets/state.key");
    const flags = [...FILES_ONLY, "--overwrite", "--state", "redis"];
    const { out } = await cli(["project", ...flags, "--dry-run"], { cwd });
    expect(out).toContain("\nWould be replaced: README.md, src/main.ts.\n");
    expect(out).toContain("\nWould stay as they are: secrets/state.key.\n");
    expect(out).toContain("\nOthers can come to them, and could not any more: secrets/state.key.\n");
    expect((await cli(["project", ...flags], { cwd })).out).toMatch(
      /: \d+ files, 2 of them in the place of others\.\n/,
    );
  });
});

describe("a dry run refuses what the run refuses, in the same words:", () => {
  async function expectRefused(
    words: string,
    flags: readonly string[],
    command?: Command,
    dir?: string,
  ): Promise<void> {
    const before = tree(cwd);
    const { dry, real } = await both(flags, command, dir);
    expect(dry).toEqual({ code: 73, out: "", err: expect.stringContaining(words) });
    expect(real).toEqual(dry);
    expect(tree(cwd)).toEqual(before);
  }

  test.each([
    ["a folder that is a link", () => symlinkSync("..", join(project, "src")), "src is a symbolic link"],
    ["a folder that is a file", () => put("src"), "src is a symbolic link or a file"],
    ["a file that is a folder", () => put("package.json/mine"), "package.json is a folder"],
    ["a rule of before", () => put("policy/old.cedar"), "every rule in it is in force"],
    ["a key that is a link", linkKey, "state.key is a symbolic link or no file, and would not be kept"],
    [
      "a .gitignore without end",
      () => writeFileSync(join(project, ".gitignore"), "x".repeat(2 * 1024 * 1024)),
      ".gitignore has more than 1048576 bytes",
    ],
  ])("%s", async (_, prepare, words) => {
    put("mine");
    prepare();
    await expectRefused(words, ["--overwrite", "--state", "redis"]);
  });

  test.each([
    ["without the flag", "project", () => put("mine"), "has files, and none of them was touched"],
    [
      "below a link that leads nowhere",
      "link/a/project",
      () => symlinkSync("nowhere", join(cwd, "link")),
      "link is a symbolic link to what is not there. Make",
    ],
    [
      "below a link that leads in a circle",
      "link/a/project",
      () => symlinkSync("link", join(cwd, "link")),
      "cannot be looked at (ELOOP)",
    ],
  ])("%s", async (_, dir, prepare, words) => {
    prepare();
    await expectRefused(words, [], NODE, dir);
  });
});

const NAMESPACE = ["unshare", "-rm", "sh", "-c"] as const;
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

describe.runIf(canMount)("what is mounted", () => {
  const mounted = (mount: string): Command => [...NAMESPACE, `${mount} && exec "$0" "$@"`, ...NODE];

  test.each([
    ["a folder of another disk", "mount -t tmpfs none project/src", "project/src is on another disk or mount"],
    ["a folder of the same disk", "mount --bind project/src project/src", "project/src is on another disk or mount"],
    ["a file", "mount --bind project/README.md project/README.md", "README.md has something mounted on it"],
  ])("in a folder with files is refused, dry and in earnest: %s", async (_, mount, words) => {
    put("src/mine.ts", "README.md");
    const before = tree(project);
    const { dry, real } = await both(["--overwrite"], mounted(mount));
    expect(dry).toEqual({ code: 73, out: "", err: expect.stringContaining(words) });
    expect(real).toEqual(dry);
    expect(tree(project)).toEqual(before);
  });

  test("as the empty folder itself is written to, and stays the mount", async () => {
    mkdirSync(project);
    const command = [
      ...NAMESPACE,
      `mount -t tmpfs -o mode=700 none project && "$0" "$@" && ls project && stat -c %a project`,
      ...NODE,
    ] as Command;
    const { code, out } = await cli(["project", ...FILES_ONLY], { cwd, command });
    expect(code).toBe(0);
    expect(out).toMatch(/\npackage\.json\n(?:.*\n)*700\n$/);
    expect(tree(project)).toEqual({});
  });

  test("on a key that is kept is no matter", async () => {
    put("secrets/state.key");
    chmodSync(join(project, "secrets/state.key"), 0o600);
    const command = mounted("mount --bind project/secrets/state.key project/secrets/state.key");
    const { dry, real } = await both(["--overwrite", "--state", "redis"], command);
    expect([dry.code, real.code]).toEqual([0, 0]);
    expect(JSON.parse(real.out).kept).toEqual(["secrets/state.key"]);
  });
});

test.each([
  ["above the target", "locked", "locked/project"],
  ["that is the target", "project", "project"],
  ["in the target", "project/src", "project"],
  ["in the target, that a folder is to be made in", "project/deploy", "project"],
])("a folder %s that may not be written to is refused, dry and in earnest", async (_, locked, dir) => {
  put("mine");
  mkdirSync(join(cwd, locked), { recursive: true });
  chmodSync(join(cwd, locked), 0o555);
  const before = tree(cwd);
  const flags = dir === "project" ? ["--overwrite", "--transport", "both"] : [];
  const { dry, real } = await both(flags, UNPRIVILEGED, dir);
  const after = tree(cwd);
  chmodSync(join(cwd, locked), 0o755);
  const refused = { code: 73, out: "", err: expect.stringContaining("you may not write there") };
  expect([dry, real]).toEqual([refused, refused]);
  expect(after).toEqual(before);
});

test("a folder of secrets that its owner has closed to himself is opened to him, and to nobody else", async () => {
  put("secrets/state.key");
  chmodSync(join(project, "secrets"), 0o500);
  const { dry, real } = await both(["--overwrite", "--state", "redis"], UNPRIVILEGED);
  expect([dry.code, real.code]).toEqual([0, 0]);
  expect(tree(project)).toMatchObject({ secrets: "700", "secrets/state-url": "600" });
});
