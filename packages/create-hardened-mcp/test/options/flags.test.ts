import { describe, expect, test } from "vitest";
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
