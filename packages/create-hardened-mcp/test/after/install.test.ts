import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installCommand } from "../../src/after/install.ts";
import { cli, type Ended, PLAIN_ENV, tempFolder } from "../support/cli.ts";

/** A folder of programs that comes first in PATH, with one of this name. */
function withProgram(name: string, script: string): NodeJS.ProcessEnv {
  const bin = tempFolder();
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return {
    PATH: `${bin}:${PLAIN_ENV["PATH"]}`,
    npm_config_user_agent: "npm/11",
    INIT_CWD: "/elsewhere",
    npm_package_name: "other",
  };
}

/** What an installation leaves, as far as it is looked at: a folder for each of the project's dependencies. */
const BRINGS_ALL = `node -e 'const { mkdirSync } = require("fs"), { dependencies, devDependencies } = require("./package.json");
for (const name in { ...dependencies, ...devDependencies }) mkdirSync("node_modules/" + name, { recursive: true })'`;

const withNpm = (script: string) => withProgram("npm", script);

/** The letter that Linux has for what a process does. */
function stateOf(pid: string): string {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? (/\) (\w)/.exec(readFileSync(file, "utf8"))?.[1] ?? "") : "gone";
}

test.each([
  ["npm", "", "npm install --ignore-scripts --include=dev --no-audit --no-fund"],
  ["pnpm", "", "pnpm install --ignore-scripts --no-frozen-lockfile"],
  ["bun", "", "bun install --ignore-scripts"],
  ["yarn", "1.22.22\n", "yarn install --ignore-scripts --production=false"],
  ["yarn", "4.18.1\n", "yarn install --no-immutable"],
] as const)("%s %s installs without running code of packages", (pm, version, command) => {
  expect(installCommand(pm, version).join(" ")).toBe(command);
});

describe("an installation", () => {
  test("runs in the project, not in the one whose script we run in", async () => {
    const cwd = tempFolder();
    const env = withNpm(
      `pwd > seen; echo "$@" >> seen; echo "$INIT_CWD,$npm_package_name" >> seen; echo noise; ${BRINGS_ALL}`,
    );
    const { code, out } = await cli(["x", "--no-git", "--json"], { cwd, env });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, "x/seen"), "utf8")).toBe(
      `${cwd}/x\ninstall --ignore-scripts --include=dev --no-audit --no-fund\n,\n`,
    );
    // What it prints is not in the answer for programs.
    expect(JSON.parse(out)).toMatchObject({ install: "installed", next: { start: "cd x && npm run build" } });
  });

  test("that fails leaves the files, ends with 69 and says how to repeat it", async () => {
    const cwd = tempFolder();
    const { code, err } = await cli(["a b", "--no-git"], { cwd, env: withNpm("exit 7") });
    expect(code).toBe(69);
    expect(err).toContain(
      `npm ended with exit code 7. The files stay. Repeat: cd '${cwd}/a b' && npm install --ignore-scripts`,
    );
    expect(existsSync(join(cwd, "a b/package.json"))).toBe(true);
  });

  test.each(["exit 7", "kill -KILL $$"])("that fails half way (%s) leaves nothing half installed", async (end) => {
    const cwd = tempFolder();
    const npm = `mkdir -p node_modules/zod .yarn; echo "{" > package-lock.json; ${end}`;
    const { code, err } = await cli(["x", "--no-git"], { cwd, env: withNpm(npm) });
    expect({ code, err }).toEqual({ code: 69, err: expect.stringMatching(/exit code 7\.|was ended by SIGKILL\./) });
    expect(readdirSync(join(cwd, "x")).filter((name) => /^(?:node_modules|\.yarn|package-lock.*)$/.test(name))).toEqual(
      [],
    );
  });

  test("is not said to be done where what is needed is not there", async () => {
    const cwd = tempFolder();
    const npm = `${BRINGS_ALL}; rm -r node_modules/typescript`;
    const { code, err } = await cli(["x", "--no-git"], { cwd, env: withNpm(npm) });
    expect({ code, err }).toEqual({ code: 69, err: expect.stringContaining("and typescript is not there.") });
    expect(existsSync(join(cwd, "x/node_modules"))).toBe(false);
  });

  test("is done where yarn's Plug'n'Play knows what there is", async () => {
    const env = withProgram("yarn", 'test "$1" = --version && echo 4.18.1 || touch .pnp.cjs');
    expect((await cli(["x", "--no-git", "--pm", "yarn"], { cwd: tempFolder(), env })).code).toBe(0);
  });

  test("that fails below a workspace names it", async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, "package.json"), '{"workspaces":["packages/*"]}');
    const { err } = await cli(["packages/x", "--no-git"], { cwd, env: withNpm("exit 1") });
    expect(err).toContain(`It lies in the workspace ${cwd}, which can be why: make the project outside of it.`);
  });

  test("without the package manager is the same", async () => {
    const cwd = tempFolder();
    const { code, err } = await cli(["x", "--no-git", "--pm", "bun"], { cwd, env: { PATH: tempFolder() } });
    expect({ code, err }).toEqual({ code: 69, err: expect.stringContaining("bun cannot be started (ENOENT)") });
  });
});

/** Sends the signal when the program has written its own id, or that of what it started, into `$SIGN`. */
async function interrupted(
  cwd: string,
  signal: NodeJS.Signals,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<Ended & { readonly state: string }> {
  const signs = tempFolder();
  const sign = join(signs, "pid");
  const ended = await cli(["x", ...args], {
    cwd,
    env: { ...env, SIGN: sign },
    onStart: (child) => {
      const watcher = watch(signs, () => {
        if (!existsSync(sign) || readFileSync(sign, "utf8") === "") return;
        watcher.close();
        child.kill(signal);
      });
    },
  });
  return { ...ended, state: stateOf(readFileSync(sign, "utf8").trim()) };
}

/** Gone, or dead and not yet buried by whoever inherited it. */
const DEAD = /^(?:gone|Z)$/;

describe("interrupted", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
  ] as const)(
    "by %s, an installation ends with all that it started, and it is said what is there",
    async (signal, exit) => {
      const cwd = tempFolder();
      // A child of the package manager's, as a build would be, that hears of no signal and goes on writing.
      const busy = `trap "" INT TERM HUP QUIT; n=0; while :; do n=$((n + 1)); mkdir -p node_modules/$n; done`;
      const env = withNpm(`mkdir node_modules; echo "{" > package-lock.json; (${busy}) & echo $! > "$SIGN"; wait`);
      const { code, out, err, state } = await interrupted(cwd, signal, env, ["--no-git"]);
      expect({ code, out }).toEqual({ code: exit, out: "" });
      expect(err).toBe(
        `create-hardened-mcp: Interrupted by ${signal}. All files of the project are in ${cwd}/x; its dependencies are not installed. Go on: cd ${cwd}/x && npm install\n`,
      );
      expect(state).toMatch(DEAD);
      await cli(["whole", "--no-git", "--no-install"], { cwd });
      expect(readdirSync(join(cwd, "x"))).toEqual(readdirSync(join(cwd, "whole")));
    },
  );

  test("it leaves the node_modules of before, says that it may be half changed, and puts a lock file back", async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "x/node_modules/mine"), { recursive: true });
    writeFileSync(join(cwd, "x/package-lock.json"), "the lock of before");
    const env = withNpm('echo "{" > package-lock.json; sleep 600 & echo $! > "$SIGN"; wait');
    const { code, err, state } = await interrupted(cwd, "SIGTERM", env, ["--no-git", "--overwrite"]);
    expect(code).toBe(143);
    expect(err).toContain(`Go on: cd ${cwd}/x && rm -rf node_modules && npm install\n`);
    expect(existsSync(join(cwd, "x/node_modules/mine"))).toBe(true);
    expect(readFileSync(join(cwd, "x/package-lock.json"), "utf8")).toBe("the lock of before");
    expect(state).toMatch(DEAD);
  });

  test("one that hears of no signal is killed, with all that it started, when its time is over", async () => {
    const cwd = tempFolder();
    const env = withNpm('trap "" TERM; (while :; do sleep 1; done) & echo $! > "$SIGN"; while :; do sleep 1; done');
    const { code, err, state } = await interrupted(cwd, "SIGTERM", env, ["--no-git"]);
    expect({ code, err }).toEqual({ code: 143, err: expect.stringContaining(`Go on: cd ${cwd}/x && npm install\n`) });
    expect(state).toMatch(DEAD);
  });

  test.each([
    ["git", "git", 'mkdir -p .git; echo $$ > "$SIGN"; exec sleep 600'],
    ["yarn, when it is asked for its version", "yarn", 'trap "" INT TERM; echo $$ > "$SIGN"; while :; do :; done'],
  ])("while %s runs, it says the same", async (_, name, script) => {
    const cwd = tempFolder();
    const { code, err, state } = await interrupted(cwd, "SIGINT", withProgram(name, script), ["--pm", "yarn"]);
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining(`Go on: cd ${cwd}/x && yarn install\n`) });
    expect(existsSync(join(cwd, "x/package.json"))).toBe(true);
    expect(state).toMatch(DEAD);
  });
});
