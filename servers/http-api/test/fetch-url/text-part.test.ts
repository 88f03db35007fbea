import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textPart } from "../../src/fetch-url/text-part.ts";

describe("parts of a text", () => {
  it("come to the whole text, each within its size, no character cut in two", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 }).map((one) => one.toWellFormed());
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (whole, maxBytes) => {
        const parts: string[] = [];
        for (let offset: number | undefined = 0; offset !== undefined; ) {
          const part = textPart(whole, offset, maxBytes);
          parts.push(part.text);
          offset = part.nextOffset;
        }
        expect(parts.join("")).toBe(whole);
        for (const part of parts) {
          expect(part.isWellFormed()).toBe(true);
          // A single character may be larger than what one asks for.
          expect(Buffer.byteLength(part) <= maxBytes || [...part].length === 1).toBe(true);
        }
      }),
    );
  });
});
