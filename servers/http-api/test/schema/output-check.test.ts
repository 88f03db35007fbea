import { describe, expect, it } from "vitest";
import type { Json, JsonSchema } from "../../src/model/json-schema.ts";
import { createSchemaSet } from "../../src/schema/schema-set.ts";

const root = {
  User: {
    type: "object",
    required: ["name", "password"],
    properties: { name: { type: "string" }, password: { type: "string", writeOnly: true }, boss: { $ref: "#/User" } },
  },
  Secret: { type: "string", writeOnly: true },
};
const User = { $ref: "#/User" };

function answer(schema: JsonSchema, value: Json, undeclared: "drop" | "keep" = "drop") {
  return createSchemaSet({ root, dialect: "3.1" }).outputCheck(schema, { undeclared })(value);
}

describe("an answer", () => {
  it.each<[string, JsonSchema, Json, Json]>([
    ["at the top", User, { name: "a", ssn: 1 }, { name: "a" }],
    ["in a circle", User, { name: "a", boss: { name: "b", ssn: 1 } }, { name: "a", boss: { name: "b" } }],
    ["in elements", { type: "array", items: User }, [{ name: "a", ssn: 1 }], [{ name: "a" }]],
    ["in a map", { type: "object", additionalProperties: User }, { x: { name: "a", ssn: 1 } }, { x: { name: "a" } }],
    ["beside allOf", { allOf: [User, { properties: { x: {} } }] }, { name: "a", x: 1, ssn: 1 }, { name: "a", x: 1 }],
    [
      "of alternatives, each with its own",
      { anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] },
      { a: 1, b: 2, ssn: 1 },
      { a: 1, b: 2 },
    ],
    [
      "__proto__ among them",
      { type: "object", properties: { a: {} } },
      JSON.parse('{"a":1,"__proto__":{"admin":1}}'),
      { a: 1 },
    ],
    [
      "a free-form part stays whole",
      { properties: { meta: { type: "object" } } },
      { meta: { any: [1] }, ssn: 1 },
      { meta: { any: [1] } },
    ],
    [
      "what is let in explicitly stays",
      { properties: { a: {} }, additionalProperties: true },
      { a: 1, b: 2 },
      { a: 1, b: 2 },
    ],
    [
      "what a pattern declares stays",
      { patternProperties: { "^x-": {} }, properties: { a: {} } },
      { "x-a": 1, b: 2 },
      { "x-a": 1 },
    ],
    ["a schema that says nothing cuts nothing", {}, { a: { b: 1 } }, { a: { b: 1 } }],
  ])("loses what is not declared: %s", (_where, schema, value, left) => {
    expect(answer(schema, value)).toEqual({ ok: true, value: left });
  });

  it("keeps what stands before and after what it loses, in its order", () => {
    const rows = [
      { name: "a" },
      { name: "b", ssn: 1, boss: { name: "c" } },
      { name: "d", boss: { ssn: 2, name: "e" } },
    ];
    const checked = answer({ type: "array", items: User }, rows);
    const left = '[{"name":"a"},{"name":"b","boss":{"name":"c"}},{"name":"d","boss":{"name":"e"}}]';
    expect(JSON.stringify(checked.ok && checked.value)).toBe(left);
  });

  it("is given back itself where it loses nothing", () => {
    const value = [{ name: "a", boss: { name: "b" } }];
    const checked = answer({ type: "array", items: User }, value);
    expect(checked.ok && checked.value).toBe(value);
  });

  it("is not changed itself", () => {
    const value = { name: "a", ssn: 1 };
    answer(User, value);
    expect(value).toEqual({ name: "a", ssn: 1 });
  });

  it("loses what is only for requests, also where everything else is kept", () => {
    expect(answer(User, { name: "a", password: "p", ssn: 1 }, "keep")).toEqual({
      ok: true,
      value: { name: "a", ssn: 1 },
    });
    const byRef = { type: "object", properties: { s: { $ref: "#/Secret" } }, additionalProperties: true };
    expect(answer(byRef, { s: "p", t: 1 })).toEqual({ ok: true, value: { t: 1 } });
  });

  it("that does not fit is cut all the same, so that showing it shows nothing undeclared", () => {
    expect(answer(User, { name: 1, ssn: 1, boss: [{ ssn: 1 }] })).toMatchObject({
      ok: false,
      value: { name: 1, boss: null },
    });
    expect(answer({ type: "array", items: User }, { ssn: 1 })).toMatchObject({ ok: false, value: null });
    expect(answer({ type: "string" }, { ssn: 1 })).toMatchObject({ ok: false, value: null });
    expect(answer(User, [{ ssn: 1 }])).toMatchObject({ ok: false, value: null });
  });

  it("of hostile depth and width is cut in time", { timeout: 20_000 }, () => {
    const wide = Array.from({ length: 100_000 }, (_, index) => ({ name: String(index), ssn: index }));
    expect(answer({ type: "array", items: User }, wide)).toMatchObject({ ok: true });
    const again = (more: object) => ({ type: "object", properties: { c: { $ref: "#/a" }, ...more } });
    const set = createSchemaSet({ root: { a: { anyOf: [again({}), again({ x: {} })] } }, dialect: "3.1" });
    let value: Json = { bad: 1 };
    for (let depth = 0; depth < 60; depth++) value = { c: value };
    // Alternatives that refer to themselves: too much work to check, so it does not fit; what is declared is left all the same.
    const checked = set.outputCheck({ $ref: "#/a" }, { undeclared: "drop" })(value);
    expect(checked).toMatchObject({ ok: false, issues: [{ rule: "schema" }], value: { c: { c: {} } } });
    expect(JSON.stringify(checked)).not.toContain("bad");
  });

  it("that has another set of schemas at each place does not fill memory, and is not worked on for long", {
    timeout: 60_000,
  }, () => {
    const set = createSchemaSet({ root: chains(40), dialect: "3.1" });
    const check = set.outputCheck({ $ref: "#/s/S0" }, { undeclared: "drop" });
    const tree = (depth: number): Json => (depth === 0 ? { ssn: 1 } : { a: tree(depth - 1), b: tree(depth - 1) });
    const large = tree(15);
    const before = process.memoryUsage().heapUsed;
    const from = performance.now();
    for (let call = 0; call < 8; call++) {
      const way = [...call.toString(2).padStart(12, "0")];
      const value = way.reduce<Json>((below, bit) => ({ [bit === "1" ? "a" : "b"]: below }), large);
      // Whether it is cut or not shown at all: nothing undeclared is.
      expect(JSON.stringify(check(value))).not.toContain("ssn");
    }
    expect(performance.now() - from).toBeLessThan(20_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(250 * 2 ** 20);
  });

  it("of many alternatives is worked out once for each kind", { timeout: 20_000 }, () => {
    const anyOf = Array.from({ length: 300 }, (_, at) => ({ type: "object", properties: { id: {}, [`p${at}`]: {} } }));
    const many = Array.from({ length: 10_000 }, (_, at) => ({ id: at, [`p${at % 300}`]: 1, ssn: 1 }));
    expect(answer({ type: "array", items: { anyOf } }, many)).toMatchObject({ ok: true });
  });

  it("is not shown where its patterns would take too long", () => {
    const slow = { type: "object", patternProperties: { "^(?:a|b)*a(?:a|b){20}$": {} }, additionalProperties: false };
    const key = "abba".repeat(500_000);
    expect(answer(slow, { [key]: "ssn" })).toEqual({
      ok: false,
      issues: [expect.objectContaining({ rule: "schema" })],
      value: null,
    });
  });
});

/**
 * After n steps, which of the schemas S0 to Sn speak of a value depends on where each step was an `a`: as many sets as there are ways.
 * Each has a key of its own, so that none is as good as another.
 */
function chains(n: number): Readonly<Record<string, unknown>> {
  const names = Array.from({ length: n + 1 }, (_, at) => at);
  const next = (at: number) => (at < n ? { $ref: `#/s/S${at + 1}` } : true);
  const first = { a: { anyOf: [{ $ref: "#/s/S0" }, { $ref: "#/s/S1" }] }, b: { $ref: "#/s/S0" } };
  const of = (at: number) => (at === 0 ? first : { a: next(at), b: next(at) });
  return {
    s: Object.fromEntries(names.map((at) => [`S${at}`, { type: "object", properties: { ...of(at), [`k${at}`]: {} } }])),
  };
}
