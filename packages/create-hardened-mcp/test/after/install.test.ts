import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installCommand } from "../../src/after/install.ts";
import { cli, PLAIN_ENV, tempFolder } from "../support/cli.ts";

/** A folder of programs that comes first in PATH, with one called `npm`. */
function withNpm(script: string): NodeJS.ProcessEnv {
  const bin = tempFolder();
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return {
    PATH: `${bin}:${PLAIN_ENV["PATH"]}`,
    npm_config_user_agent: "npm/11",
    INIT_CWD: "/elsewhere",
    npm_package_name: "other",
  };
}

/** The letter that Linux has for what a process does. */
function stateOf(pid: string): string {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? (/\) (\w)/.exec(readFileSync(file, "utf8"))?.[1] ?? "") : "gone";
}

test.each([
  ["npm", "", "npm install --ignore-scripts --no-audit --no-fund"],
  ["pnpm", "", "pnpm install --ignore-scripts --no-frozen-lockfile"],
  ["bun", "", "bun install --ignore-scripts"],
  ["yarn", "1.22.22\n", "yarn install --ignore-scripts"],
  ["yarn", "4.18.1\n", "yarn install --no-immutable"],
] as const)("%s %s installs without running code of packages", (pm, version, command) => {
  expect(installCommand(pm, () => version).join(" ")).toBe(command);
});

describe("an installation", () => {
  test("runs in the project, not in the one whose script we run in", async () => {
    const cwd = tempFolder();
    const env = withNpm('pwd > seen; echo "$@" >> seen; echo "$INIT_CWD,$npm_package_name" >> seen; echo noise');
    const { code, out } = await cli(["x", "--no-git", "--json"], { cwd, env });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, "x/seen"), "utf8")).toBe(
      `${cwd}/x\ninstall --ignore-scripts --no-audit --no-fund\n,\n`,
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

  test("without the package manager is the same", async () => {
    const cwd = tempFolder();
    const { code, err } = await cli(["x", "--no-git", "--pm", "bun"], { cwd, env: { PATH: tempFolder() } });
    expect({ code, err }).toEqual({ code: 69, err: expect.stringContaining("bun cannot be started (ENOENT)") });
  });

  test("that is interrupted ends with all that it started, and leaves the files without node_modules", async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, "signs"));
    // A child of the package manager's, as a build would be, that does not hear of the signal by itself.
    const env = withNpm(`mkdir node_modules; sleep 600 & echo $! > "${cwd}/signs/pid"; wait`);
    const { code, out } = await cli(["x", "--no-git"], {
      cwd,
      env,
      onStart: (child) => {
        const watcher = watch(join(cwd, "signs"), () => {
          if (readFileSync(join(cwd, "signs/pid"), "utf8") === "") return;
          watcher.close();
          child.kill("SIGTERM");
        });
      },
    });
    expect({ code, out }).toEqual({ code: 143, out: "" });
    expect(readdirSync(join(cwd, "x"))).toContain("package.json");
    expect(readdirSync(join(cwd, "x"))).not.toContain("node_modules");
    // Gone, or dead and not yet buried by whoever inherited it.
    expect(stateOf(readFileSync(join(cwd, "signs/pid"), "utf8").trim())).toMatch(/^(?:gone|Z)$/);
  });
});
