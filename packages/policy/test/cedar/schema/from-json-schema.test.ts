import { describe, expect, it } from "vitest";
import { printSchema } from "../../../src/cedar/engine.ts";
import { cedarSchema } from "../../../src/cedar/schema/cedar-schema.ts";
import { shapeOfInput } from "../../../src/cedar/schema/from-json-schema.ts";
import { describeShape } from "../../../src/cedar/schema/shape.ts";
import { buildVocabulary } from "../../../src/cedar/schema/vocabulary.ts";
import { MANIFESTS, strictObject } from "../../support/manifests.ts";

const text = { type: "string" };

/** A property's JSON Schema, and what Cedar sees of it, or why nothing. */
const PROPERTIES: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["text", { type: "string", format: "date-time", maxLength: 3 }, "String"],
  ["a whole number", { type: "integer" }, "Long"],
  ["a truth value", { type: "boolean" }, "Bool"],
  ["fixed texts", { enum: ["a", "b"] }, "String"],
  ["one fixed text", { const: "a" }, "String"],
  ["fixed whole numbers", { enum: [1, 2] }, "Long"],
  ["a union of fixed texts", { anyOf: [{ const: "a" }, { const: "b" }] }, "String"],
  ["text or null", { anyOf: [text, { type: "null" }] }, "String"],
  ["text or null, in one", { type: ["string", "null"] }, "String"],
  ["a list of texts", { type: "array", items: text }, "Set<String>"],
  ["a list of lists", { type: "array", items: { type: "array", items: { type: "integer" } } }, "Set<Set<Long>>"],
  ["an object", strictObject({ a: text, b: { type: "number" } }, ["a"]), "{a: String}"],
  ["a list of objects", { type: "array", items: strictObject({ a: text }) }, "Set<{a?: String}>"],
  ["a definition", { $ref: "#/$defs/one" }, "String"],
  ["a number", { type: "number" }, "it may have a fraction, and Cedar counts in whole numbers"],
  ["a union", { anyOf: [text, { type: "integer" }] }, "it may be of several types"],
  ["mixed fixed values", { enum: ["a", 1] }, "its values are of several types"],
  ["anything", {}, "it may be of any type"],
  ["a free-form object", { type: "object", additionalProperties: text }, "it takes keys that its schema does not name"],
  ["a loose object", { type: "object", properties: { a: text } }, "it takes keys that its schema does not name"],
  ["a tuple", { type: "array", prefixItems: [text] }, "it is a list whose places have types of their own"],
  [
    "a list of numbers",
    { type: "array", items: { type: "number" } },
    "it is a list, and of its elements it may have a fraction, and Cedar counts in whole numbers",
  ],
  ["a list with null", { type: "array", items: { type: ["string", "null"] } }, "it is a list that may hold null"],
  ["several schemas", { allOf: [text, text] }, "it must pass several schemas at once"],
  ["a definition that is not there", { $ref: "#/$defs/two" }, "its definition cannot be found"],
  ["a definition from elsewhere", { $ref: "https://example.com/schema" }, "its definition cannot be found"],
  ["a definition named like a prototype's", { $ref: "#/$defs/__proto__" }, "its definition cannot be found"],
  ["an object within itself", { $ref: "#/$defs/self" }, "it lies more than 8 levels deep, or contains itself"],
];

describe("what policies see of an argument", () => {
  it.each(PROPERTIES)("that is %s", (_, property, expected) => {
    const $defs = { one: text, self: { $ref: "#/$defs/self" } };
    const shape = shapeOfInput({ ...strictObject({ x: property }, ["x"]), $defs });
    const field = shape.fields.get("x");
    expect(field === undefined ? shape.leftOut.get("x") : describeShape(field.shape)).toBe(expected);
  });

  it("is nothing where its name means something to Cedar's JSON", () => {
    const shape = shapeOfInput(
      strictObject({ __entity: text, __extn: text, __expr: text, ["__proto__"]: text, __proto: text }),
    );
    expect([...shape.fields.keys()]).toEqual(["__proto"]);
    expect([...shape.leftOut.keys()]).toEqual(["__entity", "__extn", "__expr", "__proto__"]);
  });

  it("is optional where it may be left out or null", () => {
    const shape = shapeOfInput(strictObject({ a: text, b: text, c: { type: ["string", "null"] } }, ["a", "c"]));
    expect(describeShape(shape)).toBe("{a: String, b?: String, c?: String}");
  });
});

describe("the Cedar schema", () => {
  it("is one that the engine takes, with an action for each operation", () => {
    const printed = printSchema(cedarSchema(buildVocabulary(MANIFESTS)));
    for (const part of [
      'action "prompt/summary" in [Action::"read"]',
      "namespace database",
      'entity Server enum ["filesystem", "database"]',
      "tables: Set<",
    ]) {
      expect(printed).toContain(part);
    }
    expect(printed).not.toContain("ratio");
  });

  it("keeps operations apart whose names differ only by what they are", () => {
    const one = { name: "x", effect: "read", scope: "s", needsApproval: false, inputSchema: strictObject({}) } as const;
    const operations = (["tools/call", "prompts/get", "resources/read"] as const).map((method) => ({ ...one, method }));
    const { actions } = buildVocabulary([{ server: "http-api", operations }]);
    expect([...(actions.get("http_api::Action")?.keys() ?? [])]).toEqual(["x", "prompt/x", "resource/x"]);
  });

  it.each(["in", "__cedar", "1a", "a b", "a::b", 'a"', "ä"])("refuses the server name %j", (server) => {
    expect(() => buildVocabulary([{ server, operations: [] }])).toThrow(/cannot be named in policies/);
  });
});
