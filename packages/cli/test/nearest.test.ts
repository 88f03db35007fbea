import { expect, test } from "vitest";
import { nearest } from "../src/nearest.ts";

test.each([
  ["audit verfy", "audit verify"],
  ["audit", "audit verify"],
  ["--ancor", "--anchor"],
  ["--jsno", "--json"],
  ["deploy", undefined],
  ["", undefined],
])("%j means %j", (typed, meant) => {
  expect(nearest(typed, ["audit verify", "--anchor", "--json"])).toBe(meant);
});
