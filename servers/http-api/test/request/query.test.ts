import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/model/json-schema.ts";
import type { ApiParameter } from "../../src/model/operation.ts";
import { build, operation, parameter, refused } from "./support/operation.ts";

function query(parts: Partial<ApiParameter>, value: Json, more: readonly ApiParameter[] = []): URLSearchParams {
  return build(operation({ parameters: [parameter("q", "query", parts), ...more] }), { q: value }).url.searchParams;
}

describe("query parameters", () => {
  it("carry any text to where it was meant, and begin no other parameter", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), fc.boolean(), (text, allowReserved) => {
        expect([...query({ allowReserved }, text.toWellFormed())]).toEqual([["q", text.toWellFormed()]]);
      }),
      { numRuns: 1000 },
    );
  });

  it("carry lists of any texts as they are", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 10 }), { minLength: 1, maxLength: 5 }), (texts) => {
        expect(query({}, texts).getAll("q")).toEqual(texts);
      }),
    );
  });

  it.each<readonly [what: string, parts: Partial<ApiParameter>, value: Json, rule: string]>([
    ["a pipe in an element", { style: "pipeDelimited", explode: false }, ["a|b"], "delimiter"],
    ["a space in an element", { style: "spaceDelimited", explode: false }, ["a b"], "delimiter"],
    ["a pipe in a key", { style: "pipeDelimited", explode: false }, { "a|b": 1 }, "delimiter"],
    ["a comma that allowReserved would leave", { explode: false, allowReserved: true }, ["a,b"], "delimiter"],
    ["a key that is another parameter", {}, { role: "admin" }, "key"],
    ["a key that is deep in another parameter", {}, { "role[x]": "admin" }, "key"],
    ["a key that is another parameter in other letters", {}, { ROLE: "admin" }, "key"],
    ["a key that is the same after a bracket", {}, { "filter[state]": "x" }, "key"],
    ["a key that PHP reads as a credential", {}, { " api.key": "mine" }, "key"],
    ["a key that is a credential", {}, { api_key: "mine" }, "key"],
    ["brackets in a deep key", { style: "deepObject" }, { "a][b": 1 }, "key"],
    ["a list in a list", {}, [["a"]], "nested"],
    ["an object in an object", {}, { a: { b: 1 } }, "nested"],
    ["half of a surrogate pair", {}, "\ud800", "lone_surrogate"],
    ["half of a surrogate pair in a key", {}, { "\udc00": 1 }, "lone_surrogate"],
  ])("refuse %s", (_what, parts, value, rule) => {
    const op = operation({
      parameters: [parameter("q", "query", parts), parameter("role", "query"), parameter("filter[state]", "query")],
    });
    const run = () => build(op, { q: value }, { reserved: { query: ["api_key"] } });
    expect(refused(run)).toBe(`invalid_input request/${rule}@q`);
  });

  it.each<{ value: Json }>([{ value: [] }, { value: null }, { value: {} }])(
    "refuse $value where a value is required: a filter that is not sent is no filter",
    ({ value }) => {
      const op = operation({ method: "DELETE", parameters: [parameter("ids", "query", { required: true })] });
      expect(refused(() => build(op, { ids: value }))).toBe("invalid_input request/empty@ids");
    },
  );

  it("refuse to be missing where they are required", () => {
    const op = operation({ parameters: [parameter("q", "query", { required: true })] });
    expect(refused(() => build(op))).toBe("invalid_input request/missing@q");
  });
});
