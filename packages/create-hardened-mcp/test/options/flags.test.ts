import { describe, expect, test } from "vitest";
import { refuseEatenFlags } from "../../src/options/eaten-flags.ts";
import { FLAG_ROWS, parseFlags } from "../../src/options/flags.ts";
import { helpText } from "../../src/say/help.ts";

describe("a command line that is wrong is refused with the nearest right one", () => {
  test.each([
    [["--templat", "minimal"], "Did you mean --template?"],
    [["--template", "minimla"], "Did you mean minimal?"],
    [["--template", "../../etc"], "It is one of minimal, filesystem, database, http-api."],
    [["--template", "constructor"], "It is one of minimal"],
    [["--auth", "jtw"], "Did you mean jwt?"],
    [["--transport=htpp"], "Did you mean http?"],
    [["--pm", "nmp"], "Did you mean npm?"],
    [["--no-gti"], "Did you mean --no-git?"],
    [["--dangerously-anything"], "Unknown flag"],
    [["--yes=no"], "takes no value"],
    [["--template"], "needs a value"],
    [["a", "b"], "a second one"],
    [[""], "has no name"],
    [["--auth", "jwt", "--auth", "none"], "given twice"],
  ])("%j", (argv, message) => {
    expect(() => parseFlags(argv)).toThrow(message);
  });
});

test("what follows -- is no flag", () => {
  expect(parseFlags(["--yes", "--", "--odd"])).toEqual({ yes: true, dir: "--odd" });
});

test("the help names every flag and every value", () => {
  const words = [
    ...Object.keys(FLAG_ROWS),
    "--template",
    "--transport",
    "--auth",
    "--state",
    "--pm",
    "api-key",
    "oauth",
  ];
  expect(words.filter((word) => !helpText().includes(word))).toEqual([]);
  expect(
    helpText()
      .split("\n")
      .filter((line) => line.length > 120),
  ).toEqual([]);
});

test("a flag that npm took for itself is found, before another project than the wanted one is made", () => {
  const npm = { npm_config_user_agent: "npm/11.19.1 node/v24.21.0", npm_config_transport: "http" };
  expect(() => refuseEatenFlags(npm)).toThrow('Put "--" before the flags');
  expect(() => refuseEatenFlags({ ...npm, npm_config_transport: undefined })).not.toThrow();
});

test.each([
  { npm_config_dry_run: "true" },
  { npm_config_json: "true" },
  { npm_config_install: "" },
  { npm_config_git: "" },
  { npm_config_auth_type: "oauth" },
  { npm_config_name: "shop" },
])("a flag that npm knows by another meaning is found, too: %j", (said) => {
  expect(() => refuseEatenFlags({ npm_config_user_agent: "npm/11.19.1", ...said })).toThrow('Put "--" before');
  expect(() => refuseEatenFlags({ npm_config_user_agent: "pnpm/12.21.0", ...said })).not.toThrow();
});

test("what npm says of itself by default is no flag of ours", () => {
  const npm = { npm_config_user_agent: "npm/11.19.1", npm_config_yes: "true", npm_config_git: "/usr/bin/git" };
  expect(() => refuseEatenFlags({ ...npm, npm_config_auth_type: "web" })).not.toThrow();
});
