import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PathError } from "../src/index.ts";
import { makeTree, refusal, SECRET } from "./helpers/tree.ts";

test.each([
  ["a/b", "a/b"],
  ["./a//b/", "a/b"],
  [".", "."],
  ["~", "~"],
  ["%2e%2e", "%2e%2e"],
  [" a ", " a "],
  ['"a"', '"a"'],
  ["a\\b", "a\\b"],
  ["...", "..."],
  ["é", "é"],
])("reads %j as %j", (input, expected) => {
  expect(makeTree().open().parse(input)).toBe(expected);
});

test.each([
  ["", "invalid_name"],
  ["..", "outside_root"],
  ["a/../b", "outside_root"],
  ["../data/a", "outside_root"],
  ["/", "outside_root"],
  ["/etc/passwd", "outside_root"],
  ["a\0b", "invalid_name"],
  ["a\nb", "invalid_name"],
  ["a\x7fb", "invalid_name"],
  ["e\u0301", "invalid_name"],
  ["a\ud800", "invalid_name"],
  ["a\ufffd", "invalid_name"],
  ["x (deleted)", "invalid_name"],
  ["a".repeat(256), "too_long"],
  ["é".repeat(128), "too_long"],
  ["a/".repeat(2049), "too_long"],
  ["a/".repeat(33), "too_deep"],
])("refuses %j with %s", (input, code) => {
  const root = makeTree().open();
  expect(refusal(() => root.parse(input))).toBe(code);
});

test("accepts an absolute path inside the root, also by the spelling the operator used", async () => {
  const tree = makeTree();
  symlinkSync(tree.inside, join(tree.base, "alias"));
  const { openRoot } = await import("../src/index.ts");
  using root = openRoot(join(tree.base, "alias"));
  expect(root.path).toBe(tree.inside);
  expect(root.parse(join(tree.inside, "a/b"))).toBe("a/b");
  expect(root.parse(join(tree.base, "alias/a"))).toBe("a");
  expect(root.parse(tree.inside)).toBe(".");
  expect(refusal(() => root.parse(`${tree.inside}/../outside`))).toBe("outside_root");
  expect(root.contains(join(tree.inside, "x"))).toBe(true);
  expect(root.contains(`${tree.inside}-evil`)).toBe(false);
});

test.each(["a:b", "NUL", "nul.txt", "COM1", "com¹.log", "aux .txt", "GIT~1", "a.", "a ", "a\\b", "C:/x", "a?"])(
  "with windowsNames, refuses %j",
  (input) => {
    const root = makeTree().open({ windowsNames: true });
    expect(refusal(() => root.parse(input))).toMatch(/^(invalid_name|outside_root)$/);
  },
);

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom("..", ".", "", "out", "f", "~", "%2e%2e", "..\\", "\0", " ", "/", "//", "dir"),
        fc.string(),
      ),
    )
    .map((names) => names.join("/")),
);

test("whatever is parsed has no way out in its spelling", () => {
  const root = makeTree().open();
  fc.assert(
    fc.property(hostile, (input) => {
      let path: string;
      try {
        path = root.parse(input);
      } catch (error) {
        expect(error).toBeInstanceOf(PathError);
        return;
      }
      expect(path.startsWith("/")).toBe(false);
      expect(path.split("/")).not.toContain("..");
      expect(path).not.toMatch(/[\0-\x1f]/);
      expect(root.parse(path)).toBe(path);
    }),
    { numRuns: 3000 },
  );
});

test("any string either throws PathError or opens something inside", () => {
  const tree = makeTree();
  tree.write("dir/f");
  tree.write("f");
  symlinkSync(tree.outside, join(tree.inside, "out"));
  for (const links of ["inside", "refuse"] as const) {
    const root = tree.open({ links });
    fc.assert(
      fc.property(hostile, (input) => {
        try {
          using file = root.openFile(root.parse(input));
          expect(readFileSync(file.fd, "utf8")).not.toBe(SECRET);
          expect(["f", "dir/f"]).toContain(file.path);
        } catch (error) {
          expect(error).toBeInstanceOf(PathError);
        }
      }),
      { numRuns: 1500 },
    );
  }
});
