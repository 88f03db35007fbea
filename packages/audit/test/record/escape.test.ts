import fc from "fast-check";
import { expect, test } from "vitest";
import { quote } from "../../src/record/escape.ts";

test.each([
  ["a line feed that would forge a record", 'x"}\n{"v":1'],
  ["a carriage return", "a\rb"],
  ["an ANSI sequence that clears the screen", "\u001b[2J"],
  ["a right-to-left override", "\u202egnp.exe"],
  ["a zero-width space", "a\u200bb"],
  ["a line separator", "a\u2028b\u2029c"],
  ["DEL and C1 controls", "\u007f\u009b31m"],
  ["a lone surrogate", "a\ud800b"],
  ["a NUL", "a\0b"],
])("writes %s as printable ASCII and keeps its value", (_name, text) => {
  const quoted = quote(text);
  expect(quoted).toMatch(/^[ -~]*$/);
  expect(JSON.parse(quoted)).toBe(text);
});

test("any short string survives, in ASCII, within the cap", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 21 }), (text) => {
      const quoted = quote(text);
      return /^[ -~]*$/.test(quoted) && JSON.parse(quoted) === text && quoted.length <= 258;
    }),
  );
});

test("cuts long strings by escaped bytes and says how long they were", () => {
  expect(JSON.parse(quote("a".repeat(1000)))).toBe(`${"a".repeat(256)}\u2026+1000`);
  expect(JSON.parse(quote("\u202e".repeat(1000)))).toBe(`${"\u202e".repeat(42)}\u2026+1000`);
  expect(quote("\u202e".repeat(1_000_000)).length).toBeLessThan(280);
});
