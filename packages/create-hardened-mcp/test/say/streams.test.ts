import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLI, cli, FILES_ONLY, PLAIN_ENV, tempFolder } from "../support/cli.ts";
import { tree } from "../support/tree.ts";

const TRACE = /\bat .*\(|node:internal|Node\.js v/;

/** Runs the command with a pipe that nobody reads for `closed`. */
async function withClosed(closed: "stdout" | "stderr", args: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: PLAIN_ENV, stdio: ["ignore", "pipe", "pipe"] });
  child[closed].destroy();
  let said = "";
  child[closed === "stdout" ? "stderr" : "stdout"].on("data", (data) => {
    said += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, said };
}

/** What a project has that nobody disturbed. */
async function whole(): Promise<readonly string[]> {
  const cwd = tempFolder();
  await cli(["x", ...FILES_ONLY], { cwd });
  return Object.keys(tree(cwd));
}

describe("where nobody reads standard output", () => {
  test("all of the project is made, and standard error says so", async () => {
    const cwd = tempFolder();
    const { code, said } = await withClosed("stdout", ["x", ...FILES_ONLY], cwd);
    expect({ code, said }).toEqual({
      code: 74,
      said: `create-hardened-mcp: The answer cannot be written to standard output (EPIPE). All files of the project are in ${cwd}/x. Dependencies: not installed.\n`,
    });
    expect(Object.keys(tree(cwd))).toEqual(await whole());
  });

  test("a failed installation is still what is said", async () => {
    const cwd = tempFolder();
    const { code, said } = await withClosed("stdout", ["x", "--no-git", "--pm", "bun"], cwd);
    expect({ code, said }).toEqual({ code: 69, said: expect.stringContaining("Repeat: cd") });
  });

  test.each([["--help"], ["--version"], ["x", "--dry-run"]])("%s ends without a trace", async (...args) => {
    const cwd = tempFolder();
    const { code, said } = await withClosed("stdout", args, cwd);
    expect({ code, said }).toEqual({ code: 74, said: expect.stringMatching(/Nothing was (?:made|written)\.\n$/) });
    expect(readdirSync(cwd)).toEqual([]);
  });
});

test.runIf(existsSync("/dev/full"))("where its disk is full, it is the same", async () => {
  const cwd = tempFolder();
  const command = ["sh", "-c", 'exec "$0" "$@" > /dev/full', process.execPath, CLI] as const;
  const { code, err } = await cli(["x", ...FILES_ONLY, "--json"], { cwd, command });
  expect({ code, err }).toEqual({
    code: 74,
    err: expect.stringContaining("(ENOSPC). All files of the project are in"),
  });
  expect(err).not.toMatch(TRACE);
  expect(Object.keys(tree(cwd))).toEqual(await whole());
});

test("where nobody reads standard error, the exit code is the same", async () => {
  const cwd = tempFolder();
  expect(await withClosed("stderr", ["--nonsense"], cwd)).toEqual({ code: 64, said: "" });
  expect((await withClosed("stderr", ["x", "--no-git", "--pm", "bun"], cwd)).code).toBe(69);
  expect((await withClosed("stderr", ["z", ...FILES_ONLY], cwd)).code).toBe(0);
  expect(existsSync(join(cwd, "z/package.json"))).toBe(true);
});

test.each(["x", "absolute"])("in a folder that was removed, nothing is made, and it is said why (%s)", async (dir) => {
  const elsewhere = tempFolder();
  const cwd = join(elsewhere, "gone");
  mkdirSync(cwd);
  const command = ["sh", "-c", 'rmdir ../gone; exec "$0" "$@"', process.execPath, CLI] as const;
  const { code, err } = await cli([dir === "x" ? dir : join(elsewhere, dir), ...FILES_ONLY], { cwd, command });
  expect({ code, err }).toEqual({
    code: 73,
    err: expect.stringContaining("The folder that this is run in was removed."),
  });
  expect(readdirSync(elsewhere)).toEqual([]);
});
