import { expect, test } from "vitest";
import { shapeOf } from "../../src/args/shape.ts";

test.each<[unknown, string]>([
  ["", "string:0"],
  ["twelve chars", "string:12"],
  [7, "number"],
  [7n, "number"],
  [false, "boolean"],
  [null, "null"],
  [[1, "two", []], "array:3"],
  [{ a: 1, b: { c: 2 } }, "object:2"],
  [new Map([["a", 1]]), "array:1"],
  [new Date(0), "object:0"],
  [() => 1, "none"],
])("of %o is %s", (value, shape) => {
  expect(shapeOf(value)).toBe(shape);
});
