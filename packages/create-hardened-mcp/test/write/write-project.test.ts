import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLI, cli, FILES_ONLY, tempFolder, UNPRIVILEGED } from "../support/cli.ts";
import { rights, tree } from "../support/tree.ts";
import { fakeVendor } from "../support/vendor.ts";

const NODE = process.execPath;

describe("a target", () => {
  test("is made, with the folders above it", async () => {
    const cwd = tempFolder();
    const { code, out } = await cli(["a/b/my server", ...FILES_ONLY], { cwd });
    expect(code).toBe(0);
    expect(out).toContain("cd 'a/b/my server'");
    expect(JSON.parse(readFileSync(join(cwd, "a/b/my server/package.json"), "utf8")).name).toBe("my-server");
    expect(readdirSync(join(cwd, "a/b"))).toEqual(["my server"]);
  });

  test("that is empty is used, and so is the folder that one is in", async () => {
    const cwd = join(tempFolder(), "here");
    mkdirSync(join(cwd), { recursive: true });
    expect((await cli([".", ...FILES_ONLY], { cwd })).code).toBe(0);
    expect(readdirSync(cwd)).toContain("package.json");
    expect(readdirSync(cwd).filter((name) => name.startsWith(".create"))).toEqual([]);
    mkdirSync(join(cwd, "../empty"));
    expect((await cli(["../empty", ...FILES_ONLY], { cwd })).code).toBe(0);
    expect(readdirSync(join(cwd, "../empty"))).toContain("package.json");
  });

  test("with a repository in it keeps that, and says so", async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "clone/.git"), { recursive: true });
    writeFileSync(join(cwd, "clone/.git/HEAD"), "ref: refs/heads/trunk\n");
    const { code, out } = await cli(["clone", "--yes", "--no-install"], { cwd });
    expect(code).toBe(0);
    expect(out).toContain("git: kept: there is a .git");
    expect(readFileSync(join(cwd, "clone/.git/HEAD"), "utf8")).toBe("ref: refs/heads/trunk\n");
  });

  test("that has files is not touched without --overwrite", async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "mine"));
    writeFileSync(join(cwd, "mine/.env"), "mine");
    const { code, err } = await cli(["mine", ...FILES_ONLY], { cwd });
    expect(code).toBe(73);
    expect(err).toContain("--overwrite");
    expect(tree(cwd)).toEqual({ mine: "755", "mine/.env": "644" });
  });

  test("that is a file is refused, with --overwrite as well", async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, "file"), "mine");
    for (const dir of ["file", "file/below"]) {
      expect(await cli([dir, ...FILES_ONLY, "--overwrite"], { cwd })).toMatchObject({ code: 73, out: "" });
    }
    expect(readFileSync(join(cwd, "file"), "utf8")).toBe("mine");
  });
});

describe("what cannot be written leaves nothing", () => {
  test("where nobody but the owner of the folder above may write", async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "locked"));
    chmodSync(join(cwd, "locked"), 0o555);
    const { code, err } = await cli(["locked/a/b", ...FILES_ONLY], { cwd, command: UNPRIVILEGED });
    chmodSync(join(cwd, "locked"), 0o755);
    expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("you may not write there") });
    expect(tree(cwd)).toEqual({ locked: "755" });
  });

  test.runIf(process.platform === "linux").each(["/proc/a", "/proc/a/b"])(
    "in %s, where the kernel makes none",
    async (dir) => {
      // Asking for ever is what Node does when it is to make the folders above.
      const { code, err } = await cli([dir, ...FILES_ONLY], { cwd: tempFolder() });
      expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("the system knows no such place") });
    },
  );

  test.each(["new/deep", "."])("when the disk refuses in the middle, into %s", async (dir) => {
    const cwd = join(tempFolder(), "here");
    mkdirSync(cwd);
    const vendor = fakeVendor(256 * 1024);
    // The kernel refuses a write beyond the limit, as it does on a full disk; 64 blocks are more than any file of a template needs.
    const limited = ["sh", "-c", 'ulimit -f 64; exec "$0" "$@"', NODE, CLI] as const;
    const { code, err } = await cli([dir, ...FILES_ONLY, "--vendor", vendor], { cwd, command: limited });
    expect({ code, err }).toEqual({ code: 73, err: expect.stringContaining("larger than this process may write") });
    expect(tree(cwd)).toEqual({});
  });
});

test.each(["000", "022", "077"])(
  "with a umask of %s nobody else can write, and secrets are their owner's",
  async (umask) => {
    const cwd = tempFolder();
    const command = ["sh", "-c", `umask ${umask}; exec "$0" "$@"`, NODE, CLI] as const;
    const flags = ["--transport", "both", "--auth", "api-key", "--state", "redis"];
    expect((await cli(["x", ...FILES_ONLY, ...flags], { cwd, command })).code).toBe(0);
    const writable = Object.entries(tree(cwd)).filter(([, mode]) => /[2367]$|[2367].$/.test(mode));
    expect(writable).toEqual([]);
    expect(rights(join(cwd, "x"))).toBe(umask === "077" ? "700" : "755");
    expect(tree(join(cwd, "x/secrets"))).toEqual({ "api-key": "600", "state-url": "600", "state.key": "600" });
    expect(rights(join(cwd, "x/secrets"))).toBe("700");
    expect(existsSync(join(cwd, "x/server.http.json"))).toBe(true);
  },
);
