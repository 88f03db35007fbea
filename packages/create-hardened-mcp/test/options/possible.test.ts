import { expect, test } from "vitest";
import { parseFlags } from "../../src/options/flags.ts";
import { nextQuestion, requirePossible } from "../../src/options/possible.ts";

const possible = (line: string) => () => requirePossible(parseFlags(line === "" ? [] : line.split(" ")), {});

test.each(["", "--issuer https://a.example", "--host 0.0.0.0", "--auth oauth", "--public-url https://a.example/mcp"])(
  "there are answers that go with: %s",
  (line) => {
    expect(possible(line)).not.toThrow();
  },
);

// The last two: what is not asked, on stdio, is not spoken of.
test.each([
  ["--transport stdio --auth oauth", "--transport stdio has none"],
  ["--host 0.0.0.0 --auth none", "Other machines can reach 0.0.0.0"],
  ["--issuer http://a.example", "is no https URL"],
  ["--public-url https://a.example/x", "must end in /mcp"],
  ["--transport stdio --public-url https://a.example/mcp", "only this machine does"],
  ["--transport stdio --issuer https://a.example", "--auth none takes none"],
])("there are none that go with: %s", (line, why) => {
  expect(possible(line)).toThrow(why);
});

test("who calls is asked where there are callers", () => {
  expect(nextQuestion({ template: "minimal", transport: "stdio" })).toBe("state");
  expect(nextQuestion({ template: "minimal", transport: "both" })).toBe("auth");
});
