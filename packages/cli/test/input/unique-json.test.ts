import { expect, test } from "vitest";
import { parseUniqueJson } from "../../src/input/unique-json.ts";

test.each(["{}", '{"a":":","b":"\\":{\\"a\\":1}"}', '{"a":{"a":{"a":[{"a":1},{"a":"\\\\"}]}}}'])(
  "%s is read as JSON.parse does",
  (text) => {
    expect(parseUniqueJson(Buffer.from(text))).toEqual(JSON.parse(text));
  },
);

test.each([
  '{"a":1,"a":1}',
  '{"a":[{"b":{},"b":{}}]}',
  '{"a":1,"\\u0061":2}',
  '{"__proto__":1,"__proto__":2}',
  '{"__proto__":{"a":1}}',
  "[]",
  "1",
  "",
  "\ufeff{}",
])("%j is refused", (text) => {
  expect(parseUniqueJson(Buffer.from(text))).toBeUndefined();
});

test("bytes that are no UTF-8 are refused", () => {
  expect(parseUniqueJson(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
});
