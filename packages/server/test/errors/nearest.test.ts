import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "../../src/errors/nearest.ts";

describe("nearest", () => {
  it.each<[string, string[], string | undefined]>([
    ["filter", ["filters", "limit"], "filters"],
    ["limti", ["limit", "filters"], "limit"],
    ["LIMIT", ["limit"], "limit"],
    ["zzz", ["limit"], undefined],
    ["", ["limit"], undefined],
    ["limit", [], undefined],
    ["x".repeat(65), ["x".repeat(64)], undefined],
  ])("%s among %j is %s", (word, candidates, expected) => expect(nearest(word, candidates)).toBe(expected));

  it("only ever names a candidate", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ maxLength: 20 })), (word, candidates) => {
        const found = nearest(word, candidates);
        expect(found === undefined || candidates.includes(found)).toBe(true);
      }),
    );
  });

  it("finds any candidate behind one typo", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,20}$/), fc.nat(), (word, at) => {
        const cut = at % word.length;
        expect(nearest(word.slice(0, cut) + word.slice(cut + 1), [word])).toBe(word);
      }),
    );
  });
});
