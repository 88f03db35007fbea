import { describe, expect, test } from "vitest";
import type { Chosen } from "../../src/options/choices.ts";
import { holds } from "../../src/template/condition.ts";
import { keepRegions } from "../../src/template/regions.ts";

const CHOSEN: Chosen = { template: "minimal", transport: "both", auth: "jwt", state: "redis", pm: "pnpm" };

describe("a condition", () => {
  test.each([
    ["transport=both", true],
    ["transport=http,both", true],
    ["transport=stdio", false],
    ["auth!=none", true],
    ["auth!=jwt,oauth", false],
    ["transport=both state=redis pm=pnpm", true],
    ["transport=both state=sqlite", false],
  ])("%s: %s", (terms, expected) => {
    expect(holds(terms, CHOSEN)).toBe(expected);
  });

  test.each(["transport", "transport=htp", "colour=red", "auth==none", "transport=http, both", ""])(
    "%j is refused, whatever the others say",
    (terms) => {
      expect(() => holds(terms, CHOSEN)).toThrow(/is no condition|is never/);
      expect(() => holds(`state=sqlite ${terms || "x"}`, CHOSEN)).toThrow();
    },
  );
});

describe("regions", () => {
  test.each([
    ["<!-- only: auth=jwt -->", "<!-- end only -->"],
    ["# only: auth=jwt", "# end only"],
    ["  // only: auth=jwt", "  // end only"],
  ])("between %j and %j stay where the condition holds", (open, close) => {
    expect(keepRegions(`a\n${open}\nb\n${close}\nc\n`, CHOSEN)).toBe("a\nb\nc\n");
    expect(keepRegions(`a\n${open.replace("jwt", "oauth")}\nb\n${close}\nc\n`, CHOSEN)).toBe("a\nc\n");
  });

  test("leave one blank line behind, not two, and none at the end", () => {
    const text =
      "a\n\n<!-- only: auth=none -->\nb\n<!-- end only -->\n\nc\n\n<!-- only: auth=none -->\nd\n<!-- end only -->\n";
    expect(keepRegions(text, CHOSEN)).toBe("a\n\nc\n");
  });

  test("are only what stands on a line of its own", () => {
    const text = 'a; // only: auth=oauth\nconst b = "# end only";\n';
    expect(keepRegions(text, CHOSEN)).toBe(text);
  });

  test.each([
    ["# only: auth=jwt\na\n", "does not end"],
    ["a\n# end only\n", "wrong place"],
    ["# only: auth=jwt\n# only: state=redis\n# end only\n", "wrong place"],
    ["# only: auth=oauth\n# only: state=redi\n# end only\n", "wrong place"],
    ["# only: atuh=jwt\n# end only\n", "is no condition"],
  ])("that are wrong are refused: %j", (text, why) => {
    expect(() => keepRegions(text, CHOSEN)).toThrow(why);
  });
});
