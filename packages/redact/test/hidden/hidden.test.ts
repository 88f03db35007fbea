import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { cleanHidden, stripHidden } from "../../src/hidden/clean-hidden.ts";
import { findHidden, mayHideSomething } from "../../src/hidden/find-hidden.ts";
import { HIDDEN_RANGES } from "../../src/hidden/hidden-kinds.ts";

describe("findHidden", () => {
  it.each(HIDDEN_RANGES)("sees %i to %i as %s", (first, last, kind) => {
    for (const codePoint of [first, last]) {
      expect(findHidden(`ab${String.fromCodePoint(codePoint)}c`)).toEqual([{ index: 2, codePoint, kind }]);
    }
  });

  it("reads a sentence smuggled in tag characters", () => {
    const smuggled = [..."ignore all"].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join("");
    expect(findHidden(`hi${smuggled}`)).toHaveLength(10);
  });

  it.each(["👨‍👩‍👧‍👦", "❤️", "👩🏽‍💻", "🏳️‍🌈", "1️⃣", "می‌خواهم", "क्‍ष", "日本語 text é ñ 한국어 עברית\t\r\n"])(
    "leaves %s alone",
    (text) => {
      expect(findHidden(text)).toEqual([]);
      expect(cleanHidden(text, "escape")).toBe(text);
    },
  );

  it.each(["a\u200db", "👨\u200da", "\ufe0f", "a\ufe0f", "1\ufe0f", "❤\ufe0f\ufe0f", "a\u200cb"])(
    "does not take %j for legitimate",
    (text) => {
      expect(findHidden(text)).not.toEqual([]);
    },
  );

  it("is never contradicted by the quick look", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((p) => String.fromCodePoint(p)) }),
        (text) => {
          if (!mayHideSomething(text)) expect(findHidden(text)).toEqual([]);
        },
      ),
    );
  });
});

describe("cleanHidden", () => {
  it("escapes to visible text", () => {
    expect(cleanHidden("a\u202eb\u{e0041}\ud800", "escape")).toBe("a\\u{202E}b\\u{E0041}\\u{D800}");
  });

  it("removes terminal sequences whole", () => {
    expect(cleanHidden("\u001b[31mred\u001b[0m \u001b]8;;http://evil\u0007link\u001b]8;;\u0007", "remove")).toBe(
      "red link",
    );
  });

  it.each(["escape", "remove"] as const)("leaves nothing hidden (%s)", (policy) => {
    const unit = fc.constantFrom(
      "a",
      "\u001b",
      "[",
      "m",
      "\u200d",
      "👩",
      "💻",
      "\ufe0f",
      "\ud83d",
      "\udc69",
      "\u{e0041}",
      "م",
      "\u200c",
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const cleaned = cleanHidden(text, policy);
        expect(cleaned.isWellFormed()).toBe(true);
        expect(cleanHidden(cleaned, policy)).toBe(cleaned);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("stripHidden", () => {
  it("says where a stretch came from", () => {
    const text = "a\u200bbc\u200b\u200bd";
    const { text: stripped, toOriginal } = stripHidden(text);
    expect(stripped).toBe("abcd");
    expect(toOriginal({ start: 1, end: 4, kind: "k" })).toEqual({ start: 2, end: 7, kind: "k" });
    expect(toOriginal({ start: 0, end: 1, kind: "k" })).toEqual({ start: 0, end: 1, kind: "k" });
  });
});
