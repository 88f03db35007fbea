import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseUniqueJson } from "../../src/jwt/unique-json.ts";

const parse = (text: string) => parseUniqueJson(Buffer.from(text));

describe("parseUniqueJson", () => {
  it("gives what JSON.parse gives, of any object without equal members", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses any object that has one of its members twice, wherever it stands", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, pick) => {
        const keys = Object.keys(value);
        const again = `${JSON.stringify(keys[pick % keys.length])}:null`;
        const twice = `${JSON.stringify(value).slice(0, -1)},${again}}`;
        expect(parse(twice)).toBeUndefined();
        expect(parse(`{"a":[1,{"b":${twice}}]}`)).toBeUndefined();
      }),
    );
  });

  it.each([
    ["an escaped quote before a colon", '{"a":"\\":","b":1}'],
    ["a backslash before the closing quote", '{"a":"\\\\","b":{}}'],
    ["__proto__ as an ordinary member", '{"__proto__":{"a":1},"a":2}'],
    ["the same name in two objects", '{"a":{"x":1},"b":{"x":1}}'],
    ["empty names", '{"":{"":1}}'],
  ])("takes %s", (_, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ["the same name, escaped", '{"sub":"a","\\u0073ub":"b"}'],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}'],
    ["a list", "[]"],
    ["a text", '"a"'],
    ["null", "null"],
    ["a byte order mark", "\ufeff{}"],
    ["two documents", "{}{}"],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(parse(text)).toBeUndefined();
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(parseUniqueJson(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });
});
