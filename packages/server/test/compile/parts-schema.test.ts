import { describe, expect, it } from "vitest";
import { z } from "zod";
import { schemaOfParts } from "../../src/compile/parts-schema.ts";
import { jsonSchemaPart } from "../../src/define/json-schema-part.ts";

const part = (schema: object = { type: "string" }) =>
  jsonSchemaPart({ schema: { ...schema }, check: (value) => ({ ok: true, value }) });

function asZodSays(schema: z.ZodType): unknown {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input" });
  return json;
}

describe("the schema of an object whose keys all bring their own", () => {
  it.each([
    ["nothing", z.strictObject({})],
    ["one", z.strictObject({ a: part() })],
    ["an optional one", z.strictObject({ a: part().optional() })],
    [
      "several",
      z.strictObject({ b: part().optional(), a: part({ type: "object", properties: { x: {} } }), c: part() }),
    ],
    [
      "the same one twice",
      (() => {
        const same = part();
        return z.strictObject({ a: same, b: same.optional() });
      })(),
    ],
    [
      "unions in it",
      z.strictObject({ a: part({ anyOf: [{ type: ["string", "null"] }, { type: "number", minimum: 1 }] }) }),
    ],
  ])("is as zod would write it: %s", (_, schema) => {
    const own = schemaOfParts(schema);
    expect(own).toEqual(asZodSays(schema));
    expect(JSON.stringify(own)).toBe(JSON.stringify(asZodSays(schema)));
  });

  it.each([
    ["a description", z.strictObject({ a: part().describe("x") })],
    ["a description of the optional one", z.strictObject({ a: part().optional().describe("x") })],
    ["a description of the whole", z.strictObject({ a: part() }).describe("x")],
    ["metadata", z.strictObject({ a: part().meta({ title: "x" }) })],
    ["a check", z.strictObject({ a: part().refine(() => true) })],
    ["a check of the whole", z.strictObject({ a: part() }).refine(() => true)],
    ["a default", z.strictObject({ a: part().default("x") })],
    ["another type", z.strictObject({ a: part(), b: z.string() })],
    ["looseness", z.object({ a: part() })],
    ["no object", z.string()],
  ])("is left to zod where there is more to tell: %s", (_, schema) => {
    expect(schemaOfParts(schema)).toBeUndefined();
  });
});
