import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installCommand } from "../../src/after/install.ts";
import { ownEnvironment } from "../../src/after/own-environment.ts";
import { PLAIN_ENV, tempFolder } from "../support/cli.ts";

test("what the user has set stays, a company's registry for one", () => {
  const mine = {
    PATH: "/bin",
    PNPM_HOME: "/home/me/pnpm",
    pnpm_config_registry: "https://npm.corp.example",
    pnpm_config_store_dir: "/store",
    npm_config_registry: "https://npm.corp.example",
    npm_config_cafile: "/ca.pem",
    npm_config_prefix: "/usr/local",
    npm_config_user_agent: "npm/11.19.1",
    YARN_NPM_REGISTRY_SERVER: "https://npm.corp.example",
    HTTPS_PROXY: "http://proxy.corp.example",
  };
  expect(ownEnvironment(mine)).toEqual(mine);
});

test("what a package manager tells the scripts of another project goes", () => {
  const theirs = {
    INIT_CWD: "/elsewhere",
    PROJECT_CWD: "/elsewhere",
    PNPM_SCRIPT_SRC_DIR: "/elsewhere",
    NODE_ENV: "production",
    npm_package_name: "other",
    npm_lifecycle_event: "new",
    npm_command: "run-script",
    npm_execpath: "/elsewhere/pnpm",
    npm_config_local_prefix: "/elsewhere",
    pnpm_config_verify_deps_before_run: "false",
    pnpm_config_lockfile_only: "true",
  };
  expect(ownEnvironment(theirs)).toEqual({});
});

describe("the real npm installs into the project, all of it, with", () => {
  test.each([
    { NODE_ENV: "production" },
    { npm_config_omit: "dev" },
    { npm_config_production: "true" },
    { npm_config_global: "true" },
    { npm_config_location: "global" },
    { npm_config_package_lock_only: "true" },
    { npm_config_dry_run: "true" },
  ])("%j", { timeout: 60_000 }, (set) => {
    const dir = tempFolder();
    mkdirSync(join(dir, "dev"));
    writeFileSync(join(dir, "dev/package.json"), '{"name":"dev","version":"1.0.0"}');
    writeFileSync(
      join(dir, "package.json"),
      '{"name":"x","version":"1.0.0","private":true,"devDependencies":{"dev":"file:dev"}}',
    );
    const [npm, ...args] = installCommand("npm", "");
    // Else a global installation of a regression would be one.
    const own = { HOME: dir, npm_config_prefix: join(dir, "prefix"), npm_config_offline: "true" };
    const env = ownEnvironment({ ...PLAIN_ENV, ...own, ...set });
    const { status, stderr } = spawnSync(npm, args, { cwd: dir, env, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(existsSync(join(dir, "node_modules/dev/package.json"))).toBe(true);
  });
});
