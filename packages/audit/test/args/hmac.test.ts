import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256 } from "../../src/args/hmac.ts";

test("is the HMAC-SHA256 of OpenSSL", () => {
  const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes(64), bytes(300), (key, message) => {
      expect(hmacSha256(key)(message)).toBe(createHmac("sha256", key).update(message).digest("base64url"));
    }),
  );
});
