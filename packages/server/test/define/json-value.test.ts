import { describe, expect, it } from "vitest";
import { jsonValue } from "../../src/define/json-value.ts";

const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
const poisoned = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object;

describe("any JSON", () => {
  it.each([null, true, "x", 0, -1.5, [], {}, [1, "a", null, { b: [] }], Object.create(null), poisoned, deep(128)])(
    "goes through as it is: %j",
    (value) => {
      const before = JSON.stringify(value);
      expect(JSON.stringify(jsonValue().parse(value))).toBe(before);
    },
  );

  const sparse = new Array(2);
  it.each([
    ["nothing", undefined],
    ["nothing in a list", [undefined]],
    ["a hole", sparse],
    ["nothing under a key", { a: undefined }],
    ["NaN", Number.NaN],
    ["infinity", [Number.POSITIVE_INFINITY]],
    ["a big integer", 1n],
    ["a symbol", Symbol("a")],
    ["a function", () => 1],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["bytes", Buffer.from("a")],
    ["what has a form of its own", { toJSON: () => "other" }],
    ["what is too deep", deep(129)],
  ])("refuses %s", (_, value) => {
    expect(jsonValue().safeParse(value).success).toBe(false);
  });

  it("refuses a circle, and does not follow it", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(jsonValue().safeParse(circle).success).toBe(false);
  });

  it("holds to the depth it is given", () => {
    expect(jsonValue({ maxDepth: 2 }).safeParse([[1]]).success).toBe(true);
    expect(jsonValue({ maxDepth: 2 }).safeParse([[[1]]]).success).toBe(false);
  });
});
