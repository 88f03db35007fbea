import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ofTool } from "../support/lint.ts";

describe("a server does not start with a tool", () => {
  const any = z.looseObject({});
  it.each<[string, z.ZodType | undefined, RegExp]>([
    ["without an input schema", undefined, /no strict input schema/],
    ["whose input is no object", z.string(), /no strict input schema/],
    ["whose input drops unknown keys", z.object({ a: z.string() }), /input drops or accepts unknown keys/],
    ["whose input takes unknown keys", any, /input drops or accepts/],
    ["with a loose part in an object", z.strictObject({ a: z.object({}) }), /input\.a drops or accepts/],
    ["with a loose part in a list", z.strictObject({ a: z.array(z.object({})) }), /input\.a\[\] drops/],
    ["with a loose part in a record", z.strictObject({ a: z.record(z.string(), any) }), /input\.a\{value\}/],
    ["with a loose part in a union", z.strictObject({ a: z.union([z.string(), any]) }), /input\.a drops/],
    [
      "with a loose part in a discriminated union",
      z.strictObject({ a: z.discriminatedUnion("k", [z.object({ k: z.literal(1) })]) }),
      /input\.a drops/,
    ],
    ["with a loose part in a tuple", z.strictObject({ a: z.tuple([z.string(), any]) }), /input\.a\[1\]/],
    ["with a loose rest of a tuple", z.strictObject({ a: z.tuple([z.string()], any) }), /input\.a\[\]/],
    ["with a loose optional", z.strictObject({ a: any.optional() }), /input\.a drops/],
    ["with a loose nullable default", z.strictObject({ a: any.nullable().default({}) }), /input\.a drops/],
    ["with a loose lazy", z.strictObject({ a: z.lazy(() => any) }), /input\.a drops/],
    ["with a loose pipe", z.strictObject({ a: any.transform((value) => value) }), /input\.a drops/],
    ["with a loose part behind a preprocessor", z.strictObject({ a: z.preprocess((value) => value, any) }), /input\.a/],
    ["with a transform that takes anything", z.strictObject({ a: z.transform((value) => value) }), /input\.a/],
    ["with anything", z.strictObject({ a: z.any() }), /input\.a accepts anything/],
    ["with the unknown", z.strictObject({ a: z.unknown() }), /input\.a accepts anything/],
    ["with a custom check", z.strictObject({ a: z.custom() }), /input\.a/],
    ["with a coercion", z.strictObject({ a: z.coerce.number() }), /input\.a/],
    ["that puts something else for a wrong value", z.strictObject({ a: z.string().catch("x") }), /input\.a/],
    [
      "with an intersection",
      z.strictObject({ a: z.intersection(z.strictObject({}), z.strictObject({})) }),
      /intersection/,
    ],
    ["with what JSON cannot carry", z.strictObject({ a: z.date() }), /JSON Schema/],
  ])("%s", (_, input, message) => {
    expect(ofTool({ input })).toMatch(message);
  });

  it("that goes on for ever", () => {
    const node = (): z.ZodType => z.strictObject({ child: z.lazy(node).optional() });
    expect(ofTool({ input: z.strictObject({ root: node() }) })).toMatch(/nested/);
  });

  it.each<[string, z.ZodType | undefined]>([
    ["no output schema", undefined],
    ["an output that lets anything out", z.any()],
    ["a loose output", z.looseObject({})],
    ["a loose part of the output", z.strictObject({ a: z.array(z.looseObject({})) })],
    ["an unknown part of the output", z.strictObject({ a: z.unknown() })],
    ["a number as output", z.number()],
    ["a list as output", z.array(z.string())],
    ["an output JSON cannot carry", z.strictObject({ at: z.date() })],
  ])("with %s", (_, output) => {
    expect(ofTool({ output })).toMatch(/output/);
  });
});
