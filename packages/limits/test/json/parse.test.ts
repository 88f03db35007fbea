import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { JsonLimits } from "../../src/defaults.ts";
import { JsonError } from "../../src/json/json-error.ts";
import { parseStrictJson } from "../../src/json/parse.ts";

function codeOf(input: string | Uint8Array, limits?: Partial<JsonLimits>): string {
  try {
    parseStrictJson(input, limits);
    return "ok";
  } catch (error) {
    if (error instanceof JsonError) return error.code;
    throw error;
  }
}

/** The same document as text and as bytes. */
function bothCodes(text: string, limits?: Partial<JsonLimits>): string {
  const code = codeOf(text, limits);
  if (text.isWellFormed()) expect(codeOf(new TextEncoder().encode(text), limits)).toBe(code);
  return code;
}

describe("parseStrictJson", () => {
  it.each([
    ['{"a":1,"a":2}', "duplicate_key"],
    ['{"a":1,"\\u0061":2}', "duplicate_key"],
    ['{"\\/":1,"/":2}', "duplicate_key"],
    ['{"x":{"a":1},"y":[{"a":1}],"a":{}}', "ok"],
    ['{"a":{"b":1},"a":2}', "duplicate_key"],
    ['{"__proto__":1}', "forbidden_key"],
    ['{"\\u005f_proto__":1}', "forbidden_key"],
    ['{"name":"__proto__","constructor":1}', "ok"],
    ["\ufeff{}", "byte_order_mark"],
    ['"\\ud800"', "lone_surrogate"],
    ['"\\udc00"', "lone_surrogate"],
    ['"\\ud800\\ud800"', "lone_surrogate"],
    ['"\\ud83d\\ude00"', "ok"],
    ['"\\ud83d\\n"', "lone_surrogate"],
    ['"\ud800"', "lone_surrogate"],
    ['{"\\udead":1}', "lone_surrogate"],
    ['"\\\\ud800"', "ok"],
    ['"\\u0000"', "ok"],
    ['"\u0000"', "syntax"],
    ["9007199254740991", "ok"],
    ["9007199254740992", "unsafe_number"],
    ["-9007199254740993", "unsafe_number"],
    ["1e999", "unsafe_number"],
    ["-1e999", "unsafe_number"],
    ["1e16", "unsafe_number"],
    ["1e300", "ok"],
    ["-0", "ok"],
    ["0.12345678901234567890", "ok"],
    ["[9007199254740993]", "unsafe_number"],
    ['{"a":9007199254740993}', "unsafe_number"],
    ["", "syntax"],
    [" ", "syntax"],
    ["[1,]", "syntax"],
    ['{"a":1,}', "syntax"],
    ["[01]", "syntax"],
    ["[+1]", "syntax"],
    ["[.5]", "syntax"],
    ["[1 2]", "syntax"],
    ["{1:2}", "syntax"],
    ["'a'", "syntax"],
    ["NaN", "syntax"],
    ["[Infinity]", "syntax"],
    ["tru", "syntax"],
    ["{}{}", "syntax"],
    ["[}", "syntax"],
    ["]", "syntax"],
    ["[", "syntax"],
    ['"', "syntax"],
    ['"\\', "syntax"],
    ['"\\u12"', "syntax"],
    ['"\\x41"', "syntax"],
    ["// x\n1", "syntax"],
    ["\u00a01", "syntax"],
  ])("%j is %s", (text, code) => {
    expect(bothCodes(text)).toBe(code);
  });

  it.each([
    [[0xff], "invalid_utf8"],
    [[0x22, 0xc0, 0x80, 0x22], "invalid_utf8"],
    [[0x22, 0xed, 0xa0, 0x80, 0x22], "invalid_utf8"],
    [[0x22, 0xe2, 0x82], "invalid_utf8"],
    [[0xef, 0xbb, 0xbf, 0x31], "byte_order_mark"],
    [[0xff, 0xfe, 0x31, 0x00], "invalid_utf8"],
  ])("bytes %j are %s", (bytes, code) => {
    expect(codeOf(Uint8Array.from(bytes))).toBe(code);
  });

  it.each<[string, Partial<JsonLimits>, string]>([
    ["[[[]]]", { maxDepth: 3 }, "ok"],
    ["[[[]]]", { maxDepth: 2 }, "too_deep"],
    ['[1,"a",{"k":null}]', { maxValues: 5 }, "ok"],
    ['[1,"a",{"k":null}]', { maxValues: 4 }, "too_many_values"],
    ['"abc"', { maxStringLength: 3 }, "ok"],
    ['"abcd"', { maxStringLength: 3 }, "string_too_long"],
    ['{"abcd":1}', { maxStringLength: 3 }, "string_too_long"],
    ['"é"', { maxBytes: 4 }, "ok"],
    ['"é"', { maxBytes: 3 }, "too_large"],
  ])("%j with %j is %s", (text, limits, code) => {
    expect(bothCodes(text, limits)).toBe(code);
  });

  it("finds equal keys far apart in a large object", () => {
    const members = Array.from({ length: 5000 }, (_, i) => `"k${i}":{"k1":1}`);
    expect(codeOf(`{${members.join()}}`, { maxValues: 20_000 })).toBe("ok");
    expect(codeOf(`{${members.join()},"\\u006b7":1}`, { maxValues: 20_000 })).toBe("duplicate_key");
  });

  it.each<[string, string, Partial<JsonLimits>]>([
    ["depth 100,000", "[".repeat(100_000), {}],
    ["objects of depth 100,000", '{"a":'.repeat(100_000), {}],
    ["100 MB", " ".repeat(100_000_000), {}],
    ["escapes without end", `"${"\\".repeat(4_000_001)}`, { maxStringLength: 1e9 }],
    ["an escape every 50 characters", `"${`${"x".repeat(50)}\\n`.repeat(80_000)}`, { maxStringLength: 1e9 }],
    ["opening quotes", '"'.repeat(4_000_000), { maxValues: 1e9 }],
    ["digits", "1".repeat(4_000_000), {}],
  ])("refuses %s in bounded time", (_, text, limits) => {
    const start = performance.now();
    expect(codeOf(text, limits)).not.toBe("ok");
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("does not quote the input in its message", () => {
    expect(() => parseStrictJson('{"token": hunter2}')).toThrow(/^The text is not JSON\.$/);
  });

  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const code = codeOf(text);
        // fc.json writes the key __proto__ and unsafe numbers now and then; everything else must be let in.
        if (code === "ok") expect(parseStrictJson(text)).toStrictEqual(JSON.parse(text));
        else expect(["forbidden_key", "unsafe_number", "lone_surrogate"]).toContain(code);
      }),
      { numRuns: 2000 },
    );
  });

  it("never lets in what JSON.parse refuses, and finds every equal key in what it accepts", () => {
    const token = fc.constantFrom(
      ..."{}[]:, ",
      '"a"',
      '"\\u0061"',
      '"b"',
      '"\\""',
      "1",
      "-0.5e1",
      "null",
      '"\\\\"',
      "\\",
      '"',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const text = tokens.join("");
        const code = codeOf(text);
        let parsed = true;
        try {
          JSON.parse(text);
        } catch {
          parsed = false;
        }
        // Digits side by side may make a number too large.
        expect([parsed ? "ok" : "syntax", "duplicate_key", "unsafe_number"]).toContain(code);
      }),
      { numRuns: 20_000 },
    );
  });

  it("agrees with a reviver about equal keys", () => {
    const key = fc.constantFrom("a", "b", "\\u0061", "c", "\\u0062");
    const { value } = fc.letrec<{ value: string; object: { text: string; twice: boolean } }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constant("1"),
        tie("object").map(({ text }) => text),
      ),
      object: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((members) => ({
        text: `{${members.map(([k, v]) => `"${k}":${v}`).join()}}`,
        twice: false,
      })),
    }));
    fc.assert(
      fc.property(value, (text) => {
        const written = text.match(/":/g)?.length ?? 0;
        let kept = 0;
        JSON.parse(text, function count(this: unknown, k, v: unknown) {
          if (k !== "") kept++;
          return v;
        });
        expect(codeOf(text)).toBe(written === kept ? "ok" : "duplicate_key");
      }),
      { numRuns: 2000 },
    );
  });
});
