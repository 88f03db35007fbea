import fc from "fast-check";
import { expect, it } from "vitest";

import { truncateText } from "../src/truncate-text.ts";

it("says how much is shown", () => {
  expect(truncateText("x".repeat(200), 100)).toEqual({
    text: `${"x".repeat(36)}… [truncated: 36 of 200 bytes shown]`,
    truncated: true,
    bytes: 200,
  });
});

it("never exceeds the limit, never splits a character and changes nothing the second time", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.integer({ min: 64, max: 300 }),
      (text, maxBytes) => {
        const cut = truncateText(text, maxBytes);
        expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(maxBytes);
        expect(cut.text.isWellFormed()).toBe(text.isWellFormed());
        expect(cut.truncated).toBe(Buffer.byteLength(text) > maxBytes);
        expect(text.startsWith(cut.text.replace(/… \[truncated: \d+ of \d+ bytes shown\]$/, ""))).toBe(true);
        expect(truncateText(cut.text, maxBytes).truncated).toBe(false);
      },
    ),
  );
});

it("refuses a limit without room for the mark", () => {
  expect(() => truncateText("x", 63)).toThrow(RangeError);
  expect(() => truncateText("x", Number.NaN)).toThrow(RangeError);
});
