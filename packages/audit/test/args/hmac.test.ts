import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256 } from "../../src/args/hmac.ts";

const keys = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 2000 }),
  // Around the size up to which nothing is copied, in characters of one to four bytes.
  fc
    .tuple(fc.integer({ min: 1020, max: 1030 }), fc.constantFrom("a", "é", "€", "😀"))
    .map(([length, unit]) => unit.repeat(length)),
);

test("is the HMAC-SHA256 of OpenSSL over the text's UTF-8", () => {
  fc.assert(
    fc.property(keys, fc.array(texts, { minLength: 1, maxLength: 4 }), (key, several) => {
      // One after the other: nothing of a longer text may be left for a shorter one.
      const hmac = hmacSha256(key);
      for (const text of several) {
        const digest = createHmac("sha256", key).update(text).digest("base64url");
        expect(hmac(text)).toEqual({ digest, bytes: Buffer.byteLength(text) });
      }
    }),
  );
});
