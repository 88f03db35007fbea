import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { refuseEatenFlags } from "../../src/options/eaten-flags.ts";
import { CLI, cli, tempFolder } from "../support/cli.ts";

/** The real npm runs the command, as `npm create` does, and is given the flags without `--`. */
async function byNpm(flags: string) {
  const home = tempFolder();
  const [carrier, cwd] = [join(home, "carrier"), join(home, "work")];
  for (const folder of [carrier, cwd]) mkdirSync(folder);
  writeFileSync(join(carrier, "package.json"), '{"name":"carrier","version":"1.0.0","bin":"./run.mjs"}');
  writeFileSync(
    join(carrier, "run.mjs"),
    `#!/usr/bin/env node\nimport(${JSON.stringify(pathToFileURL(CLI).href)});\n`,
    {
      mode: 0o755,
    },
  );
  const command = ["npm", "exec", "--yes", "--offline", `--package=${carrier}`, "carrier", "x"] as const;
  const ended = await cli(flags.split(" "), { cwd, command, env: { HOME: home } });
  return { ...ended, made: readdirSync(cwd) };
}

describe("a flag that npm took for itself is found, before another project than the wanted one is made", () => {
  test.each([
    ["--template=database", "template"],
    ["--templat=database", "template"],
    ["--pm pnpm", "pm"],
    ["--no-git", "no-git"],
  ])("npm create hardened-mcp x %s", { timeout: 60_000 }, async (flags, eaten) => {
    const { code, err, made } = await byNpm(flags);
    expect({ code, made }, err).toEqual({ code: 64, made: [] });
    expect(err).toContain(`npm has taken --${eaten} for itself. Put "--" before the flags`);
  });
});

const NPM = { npm_config_user_agent: "npm/11.19.1 node/v24.21.0" };

test.each([
  "template",
  "transport",
  "tempalte",
  "state",
  "host",
  "pm",
  "issuer",
  "public_url",
  "vendor",
  "interactive",
  "overwrite",
])("by the variable npm_config_%s, and only where it is npm that runs us", (name) => {
  const variable = { [`npm_config_${name}`]: "" };
  expect(() => refuseEatenFlags({ ...NPM, ...variable })).toThrow('Put "--" before');
  expect(() => refuseEatenFlags({ npm_config_user_agent: "pnpm/12.21.0", ...variable })).not.toThrow();
});

test("what npm says of itself, and what other tools keep in .npmrc, is no flag of ours", () => {
  const others = {
    npm_config_yes: "true",
    npm_config_git: "/usr/bin/git",
    npm_config_hoist: "",
    npm_config__auth: "x",
  };
  const own = {
    npm_config_auth_type: "web",
    npm_config_message: "%s",
    npm_config_node_version: "24",
    npm_config_os: "",
  };
  expect(() => refuseEatenFlags({ ...NPM, ...others, ...own })).not.toThrow();
});

test.each([
  { npm_config_dry_run: "true" },
  { npm_config_json: "true" },
  { npm_config_install: "" },
  { npm_config_git: "false" },
  { npm_config_name: "shop" },
  ...["npm", "pnpm", "yarn", "bun"].map((pm) => ({ npm_config_parseable: "true", npm_config_message: pm })),
])("one that npm knows by another meaning is found by what npm 11 leaves of it: %j", (left) => {
  expect(() => refuseEatenFlags({ ...NPM, ...left })).toThrow('Put "--" before');
});
