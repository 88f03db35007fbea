import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/response/decode-text.ts";

const bytes = (...of: number[]) => Uint8Array.from(of);

describe("a text", () => {
  it("takes nothing over from the one before it, whole or broken", () => {
    const begun = bytes(0x41, 0xe2, 0x82);
    expect(decodeText(begun, undefined, false)).toBeUndefined();
    expect(decodeText(bytes(0xac, 0x41), undefined, false)).toBeUndefined();
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x41), "utf-8", false)).toBe("A");
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x42), "utf-8", false)).toBe("B");
    expect(decodeText(begun, undefined, true)).toBe("A");
    expect(decodeText(bytes(0xe2, 0x82, 0xac), undefined, false)).toBe("€");
  });

  it("is none in a charset that switches its alphabet, or that is not known", () => {
    for (const charset of ["iso-2022-jp", "utf-7", "klingon"])
      expect(decodeText(bytes(0x41), charset, false)).toBeUndefined();
  });
});
