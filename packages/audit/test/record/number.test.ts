import fc from "fast-check";
import { expect, test } from "vitest";
import { number } from "../../src/record/number.ts";

test.each([
  [0, "0"],
  [1.5, "1.5"],
  [0.001, "0.001"],
  [12.05, "12.05"],
  [1_764_438_868_123.456, "1764438868123.456"],
  [-1.5, "-1.5"],
  [0.0001, "0.0001"],
  [1e21, "1e+21"],
  [Number.NaN, "null"],
  [Number.NEGATIVE_INFINITY, "null"],
])("writes %d as %s", (value, text) => {
  expect(number(value)).toBe(text);
});

test("any number comes back as it was", () => {
  const millis = fc.integer({ min: 0, max: 2 ** 50 }).map((us) => us / 1000);
  fc.assert(
    fc.property(fc.oneof(millis, fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
      expect(Object.is(JSON.parse(number(value)), value) || value === 0).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
