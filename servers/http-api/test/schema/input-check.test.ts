import { describe, expect, it } from "vitest";
import type { Json, JsonSchema } from "../../src/model/json-schema.ts";
import { createSchemaSet } from "../../src/schema/schema-set.ts";

const components = {
  Pet: {
    type: "object",
    required: ["name"],
    properties: { name: { type: "string" }, owner: { $ref: "#/components/schemas/Owner" } },
  },
  Owner: {
    type: "object",
    properties: { name: { type: "string" }, pets: { type: "array", items: { $ref: "#/components/schemas/Pet" } } },
  },
  Dog: { allOf: [{ $ref: "#/components/schemas/Pet" }, { type: "object", properties: { breed: { type: "string" } } }] },
  Id: { type: "string", readOnly: true },
};
const root = { components: { schemas: components } };
const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function check(schema: JsonSchema, value: Json, dialect: "3.0" | "3.1" = "3.1") {
  return createSchemaSet({ root, dialect }).inputCheck(schema)(value);
}
const fits = (schema: JsonSchema, value: Json, dialect: "3.0" | "3.1" = "3.1") => check(schema, value, dialect).ok;

describe("keys that a schema does not declare", () => {
  it.each<[string, JsonSchema, Json, Json]>([
    ["at the top", $ref("Pet"), { name: "a" }, { name: "a", admin: true }],
    ["below a reference", $ref("Pet"), { name: "a", owner: { name: "b" } }, { name: "a", owner: { admin: true } }],
    [
      "in a circle",
      $ref("Owner"),
      { pets: [{ name: "a", owner: { pets: [] } }] },
      { pets: [{ name: "a", owner: { pets: [{ name: "b", x: 1 }] } }] },
    ],
    ["beside allOf", $ref("Dog"), { name: "a", breed: "b" }, { name: "a", breed: "b", admin: true }],
    ["below allOf", $ref("Dog"), { name: "a", owner: {} }, { name: "a", owner: { admin: true } }],
    ["below anyOf", { anyOf: [$ref("Dog"), $ref("Owner")] }, { pets: [] }, { pets: [], admin: true }],
    [
      "below oneOf, where only optional keys tell the alternatives apart",
      { oneOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "string" } } }] },
      { a: "x" },
      { a: "x", c: 1 },
    ],
    ["in elements", { type: "array", items: $ref("Pet") }, [{ name: "a" }], [{ name: "a", admin: true }]],
    ["behind listed elements", { type: "array", prefixItems: [{ type: "string" }] }, ["a"], ["a", "b"]],
    [
      "in values of a map",
      { type: "object", additionalProperties: $ref("Pet") },
      { x: { name: "a" } },
      { x: { name: "a", admin: true } },
    ],
    [
      "in then",
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      { properties: { a: {} }, if: { required: ["a"] }, then: { properties: { b: {} } } },
      { a: 1, b: 2 },
      { a: 1, b: 2, c: 3 },
    ],
    ["__proto__ among them", $ref("Pet"), { name: "a" }, JSON.parse('{"name":"a","__proto__":{"admin":true}}')],
    ["constructor among them", $ref("Pet"), { name: "a" }, { name: "a", constructor: 1 }],
  ])("are refused %s", (_where, schema, good, bad) => {
    expect(check(schema, good)).toEqual({ ok: true, value: good });
    expect(fits(schema, bad)).toBe(false);
  });

  it.each<[string, JsonSchema]>([
    ["additionalProperties: true", { type: "object", properties: { a: {} }, additionalProperties: true }],
    ["nothing declared", { type: "object" }],
    ["an alternative that is free", { anyOf: [{ type: "object" }, { properties: { a: { type: "string" } } }] }],
    ["nothing said at all", {}],
  ])("are taken where the document lets them in: %s", (_why, schema) => {
    expect(fits(schema, { anything: [1] })).toBe(true);
  });

  it("are not what not is about", () => {
    const schema = {
      type: "object",
      properties: { a: { type: "object", properties: { b: {} } } },
      not: { properties: { a: { required: ["b"] } }, required: ["a"] },
    };
    expect(fits(schema, { a: {} })).toBe(true);
    expect(fits(schema, { a: { b: 1 } })).toBe(false);
  });
});

describe("properties of answers", () => {
  it.each<JsonSchema>([
    { type: "object", required: ["id"], properties: { id: { type: "string", readOnly: true }, a: {} } },
    { type: "object", required: ["id"], properties: { id: $ref("Id"), a: {} } },
    { type: "object", properties: { id: { allOf: [$ref("Id")] }, a: {} }, additionalProperties: true },
  ])("are not asked of a caller, and not taken", (schema) => {
    expect(fits(schema, { a: 1 })).toBe(true);
    expect(fits(schema, { id: "x" })).toBe(false);
  });
});

describe("OpenAPI 3.0", () => {
  it.each<[string, JsonSchema, Json, Json]>([
    ["nullable", { type: "string", nullable: true }, null, 1],
    ["nullable with enum", { type: "string", nullable: true, enum: ["a"] }, null, "b"],
    ["nullable around a reference", { nullable: true, allOf: [$ref("Pet")] }, null, 1],
    ["exclusiveMinimum: true", { type: "number", minimum: 1, exclusiveMinimum: true }, 1.1, 1],
    ["exclusiveMaximum: false", { type: "number", maximum: 1, exclusiveMaximum: false }, 1, 1.1],
    ["type: file", { type: "file" }, "a", 1],
    ["what stands beside $ref", { ...$ref("Pet"), required: ["owner"] }, { name: "a" }, {}],
  ])("%s", (_what, schema, good, bad) => {
    expect(fits(schema, good, "3.0")).toBe(true);
    expect(fits(schema, bad, "3.0")).toBe(false);
  });

  it("differs from 3.1 in what stands beside $ref", () => {
    expect(fits({ ...$ref("Pet"), required: ["owner"] }, { name: "a" }, "3.1")).toBe(false);
  });
});

describe("a schema that wants the work of years", () => {
  it("cannot stop a check with a pattern", { timeout: 20_000 }, () => {
    for (const pattern of ["^(a+)+$", "^(a|a)*$", "^([a-z]+)*\\d$", "(x+x+)+y"]) {
      expect(fits({ type: "string", pattern }, `${"a".repeat(50_000)}!`)).toBe(false);
    }
  });

  it("is not held to a pattern that needs backtracking, nor to one that would fill the memory", () => {
    for (const pattern of ["^(?!admin).*$", "(a)\\1", "((a{1000}){1000}){1000}", "(", "a".repeat(2000)]) {
      const set = createSchemaSet({ root, dialect: "3.1" });
      expect(set.scanner.hasBadPattern({ pattern })).toBe(true);
      expect(set.inputCheck({ type: "string", pattern })("x").ok).toBe(true);
    }
  });

  it("cannot stop it with alternatives that refer to themselves, and of which none fits", { timeout: 60_000 }, () => {
    const again = { type: "object", required: ["c"], properties: { c: { $ref: "#/a" } } };
    const set = createSchemaSet({ root: { a: { anyOf: Array(4).fill(again) } }, dialect: "3.1" });
    let value: Json = 5;
    for (let depth = 0; depth < 40; depth++) value = { c: value };
    expect(set.inputCheck({ $ref: "#/a" })(value)).toMatchObject({ ok: false, issues: [{ rule: "schema" }] });
    expect(set.outputCheck({ $ref: "#/a" }, { undeclared: "drop" })(value).ok).toBe(false);
  });

  it.each<[string, object, Json]>([
    ["alternatives", { anyOf: Array.from({ length: 500 }, (_, at) => ({ const: at })) }, 499],
    ["choices", { enum: Array.from({ length: 20_000 }, (_, at) => ({ at })) }, { at: 19_999 }],
    ["names", { properties: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`a${at}`, {}])) }, {}],
  ])("cannot stop it with many %s for each of many values", { timeout: 60_000 }, (_what, items, value) => {
    const set = createSchemaSet({ root: {}, dialect: "3.1" });
    const schema = { type: "array", items };
    const many = Array<Json>(100_000).fill(value);
    const begin = performance.now();
    expect(set.inputCheck(schema)(many)).toMatchObject({ ok: false, issues: [{ rule: "schema" }] });
    expect(set.outputCheck(schema, { undeclared: "drop" })(many)).toMatchObject({ ok: false });
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(set.inputCheck(schema)([value, value]).ok).toBe(true);
  });

  it("cannot fill the memory by what its check is compiled to, and spoils no other check", { timeout: 60_000 }, () => {
    const record = (at: number) => ({ type: "object", properties: { [`k${at}`]: { type: "string" } } });
    const huge = { anyOf: Array.from({ length: 3000 }, (_, at) => record(at)) };
    const parts = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`p${at}`, { anyOf: Array(400).fill(record(at)) }]),
    );
    const set = createSchemaSet({ root: { huge, small: record(1), ...parts }, dialect: "3.1" });
    const all = { type: "object", properties: { small: { $ref: "#/small" }, huge: { $ref: "#/huge" } } };
    const wide = { anyOf: Object.keys(parts).map((name) => ({ $ref: `#/${name}` })) };
    const empty = { anyOf: Array(8000).fill({}) };
    const patterns = Object.fromEntries(Array.from({ length: 8000 }, (_, at) => [`^k${at}`, {}]));
    for (const schema of [huge, all, wide, empty, { type: "object", patternProperties: patterns }]) {
      const refused = { ok: false, issues: [{ rule: "schema" }] };
      expect(set.inputCheck(schema)({})).toMatchObject(refused);
      // Called this often, V8 took 24 GB to make a function of 9,000 schemas quicker.
      const check = set.outputCheck(schema, { undeclared: "keep" });
      for (let call = 0; call < 500; call++) check({});
      expect(check({})).toMatchObject(refused);
    }
    expect(set.inputCheck({ $ref: "#/small" })({ k1: "a" })).toEqual({ ok: true, value: { k1: "a" } });
    expect(set.inputCheck({ $ref: "#/p3" })({ k3: "a" })).toEqual({ ok: true, value: { k3: "a" } });
  });

  it("cannot stop it with alternatives that refer to themselves", { timeout: 60_000 }, () => {
    const again = (more: object) => ({ type: "object", properties: { c: { $ref: "#/a" }, ...more } });
    const set = createSchemaSet({ root: { a: { anyOf: [again({}), again({ x: {} })] } }, dialect: "3.1" });
    let value: Json = { bad: 1 };
    for (let depth = 0; depth < 60; depth++) value = { c: value };
    expect(set.inputCheck({ $ref: "#/a" })(value)).toMatchObject({ ok: false, issues: [{ rule: "schema" }] });
    expect(set.inputCheck({ $ref: "#/a" })({ c: { c: {} } }).ok).toBe(true);
  });

  it("cannot stop it with elements that must differ", { timeout: 20_000 }, () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    expect(fits({ type: "array", uniqueItems: true }, many)).toBe(true);
    expect(
      fits({ type: "array", uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toBe(false);
  });

  it("is compiled though its references make a chain of 5,000", { timeout: 60_000 }, () => {
    const chain: Record<string, unknown> = { s5000: { type: "string" } };
    for (let index = 0; index < 5000; index++)
      chain[`s${index}`] = { type: "object", properties: { n: { $ref: `#/s${index + 1}` } } };
    const set = createSchemaSet({ root: chain, dialect: "3.1" });
    // Whether the compiler has the stack for it or not: what does not fit does not pass.
    expect(set.inputCheck({ $ref: "#/s0" })({ n: { n: 1 } }).ok).toBe(false);
  });

  it("lets nothing pass when it leads nowhere", () => {
    expect(fits({ $ref: "#/nowhere" }, {})).toBe(false);
    expect(fits({ $ref: "https://evil.example/x" }, {})).toBe(false);
  });
});

describe("keywords", () => {
  it("that are malformed or unknown are no condition, and do not stop the compiler", () => {
    const schema = {
      type: "object",
      required: true,
      minProperties: -1,
      constructor: 1,
      toString: {},
      $id: "https://evil.example/",
      enum: [],
      format: "no such format",
      discriminator: { propertyName: "kind", mapping: { a: "https://evil.example/a" } },
      properties: { a: { type: "string", maxLength: "3", multipleOf: 0, format: "x-own", "x-y": {} } },
    };
    const set = createSchemaSet({ root, dialect: "3.1" });
    expect(set.scanner.problemOf(schema)).toBeUndefined();
    expect(set.inputCheck(schema)({ a: "long enough" })).toMatchObject({ ok: true });
    expect(set.inputCheck(schema)({ b: 1 })).toMatchObject({ ok: false, issues: [{ rule: "undeclared" }] });
  });

  it.each([
    "date",
    "time",
    "date-time",
    "duration",
    "uri",
    "uri-reference",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
    "byte",
  ])("of the format %s take time linear in the text", { timeout: 20_000 }, (format) => {
    const check = createSchemaSet({ root, dialect: "3.1" }).inputCheck({ type: "string", format });
    for (const part of ["a", "a.", "-", "a-", "%41", ":", "1", "1:", "/", "@a", "A=", "P1", "[", "a@"]) {
      expect(check(`${part.repeat(50_000)}\u0000`).ok).toBe(false);
    }
  });
});

describe("issues", () => {
  it("say in our words what is wrong, and where", () => {
    const schema = {
      type: "object",
      properties: {
        a: { type: "string", maxLength: 3 },
        b: { type: "array", items: { type: "integer", minimum: 5 } },
        c: { enum: ["x", "y"] },
      },
    };
    expect(check(schema, { a: "abcd", b: [7, 1], c: "z" })).toEqual({
      ok: false,
      issues: [
        { path: ["a"], rule: "maxLength", message: "must have at most 3 characters" },
        { path: ["b", 1], rule: "minimum", message: "must be 5 or more" },
        { path: ["c"], rule: "enum", message: "must be one of x, y" },
      ],
    });
  });

  it("hold nothing of the value, not even its keys, and are five at most", () => {
    const secret = "s3cret";
    const schema = {
      type: "object",
      properties: { map: { type: "object", additionalProperties: { type: "integer" } } },
    };
    const value = {
      [secret]: 1,
      map: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${secret}${index}`, secret])),
    };
    const checked = check(schema, value);
    expect(checked.ok).toBe(false);
    expect(JSON.stringify(checked)).not.toContain(secret);
    expect(checked.ok ? [] : checked.issues).toContainEqual({
      path: [],
      rule: "undeclared",
      message: "has a key that is not declared",
    });
    const some = check(
      { type: "array", items: { type: "integer" } },
      Array.from({ length: 50 }, () => secret),
    );
    expect(some.ok ? 0 : some.issues.length).toBe(5);
  });

  it("are not all looked for in a large value, where they would fill memory", () => {
    const anyOf = Array.from({ length: 200 }, (_, at) => ({
      type: "object",
      required: ["kind", "a"],
      properties: { kind: { const: at }, a: {} },
    }));
    const set = createSchemaSet({ root: {}, dialect: "3.1" }).inputCheck({ type: "array", items: { anyOf } });
    set([]);
    const before = process.memoryUsage().heapUsed;
    const checked = set(Array.from({ length: 20_000 }, () => ({})));
    // All of them take some 3 GB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 2 ** 20);
    expect(checked).toMatchObject({
      ok: false,
      issues: [
        { path: [0], rule: "required" },
        { path: [0], rule: "anyOf" },
      ],
    });
  });
});
