import { expect, it } from "vitest";

import { forgetIdlest } from "../../src/rate/forget-idlest.ts";

it("drops only rested keys when they are enough", () => {
  const map = new Map(Array.from({ length: 100 }, (_, i) => [`k${i}`, i] as const));
  forgetIdlest(map, 49);
  expect(map.size).toBe(50);
  expect(map.has("k50")).toBe(true);
});

it.each([1, 2, 10, 1000])("always makes room among %d keys that all owe the same", (size) => {
  const map = new Map(Array.from({ length: size }, (_, i) => [`k${i}`, 7] as const));
  forgetIdlest(map, 0);
  expect(map.size).toBeLessThan(size);
  expect(map.size).toBeGreaterThanOrEqual(Math.floor(size * 0.9) - 1);
});
