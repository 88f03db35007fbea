import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { JsonLimits } from "../../src/defaults.ts";
import { checkValue } from "../../src/json/check-value.ts";
import { JsonError } from "../../src/json/json-error.ts";
import { parseStrictJson } from "../../src/json/parse.ts";

function outcome(run: () => void): string {
  try {
    run();
    return "ok";
  } catch (error) {
    if (error instanceof JsonError) return error.code;
    throw error;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

describe("checkValue", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);

  it.each<[string, unknown, Partial<JsonLimits>, string]>([
    ["plain data", { a: [1, "b", null, true], u: undefined }, {}, "ok"],
    ["depth 64", nested(64), {}, "ok"],
    ["depth 65", nested(65), {}, "too_deep"],
    ["depth 100,000", nested(100_000), {}, "too_deep"],
    ["a cycle", cycle, {}, "too_deep"],
    ["a sparse array", new Array(4_000_000_000), {}, "too_many_values"],
    ["too many values", [1, 2, 3], { maxValues: 3 }, "too_many_values"],
    ["a long string", "abcd", { maxStringLength: 3 }, "string_too_long"],
    ["a long key", { abcd: 1 }, { maxStringLength: 3 }, "string_too_long"],
    ["much text", ["abcd", "efgh"], { maxBytes: 8 }, "too_large"],
    ["a lone surrogate", ["\ud800"], {}, "lone_surrogate"],
    ["__proto__", JSON.parse('{"__proto__":1}'), {}, "forbidden_key"],
    ["the name __proto__", { name: "__proto__" }, {}, "ok"],
    ["NaN", [Number.NaN], {}, "unsafe_number"],
    ["2^53", 2 ** 53, {}, "unsafe_number"],
    ["a function", [() => 1], {}, "not_json"],
    ["a bigint", 1n, {}, "not_json"],
    ["a symbol", Symbol("x"), {}, "not_json"],
    ["undefined alone", undefined, {}, "not_json"],
    ["a date", { when: new Date(0) }, {}, "not_json"],
    ["data named toJSON", { toJSON: "x" }, {}, "ok"],
  ])("%s", (_, value, limits, code) => {
    expect(outcome(() => checkValue(value, limits))).toBe(code);
  });

  it("agrees with the parser about what JSON.stringify writes", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        (value, maxValues, maxDepth) => {
          const limits = { maxValues, maxDepth };
          const direct = outcome(() => checkValue(value, limits));
          const written = outcome(() => parseStrictJson(JSON.stringify(value), limits));
          expect(direct === "ok").toBe(written === "ok");
        },
      ),
      { numRuns: 3000 },
    );
  });
});
