import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { fit, ofTool, refusal } from "../support/lint.ts";

describe("a server does not start with a tool", () => {
  it.each([
    "",
    "Read",
    "read note",
    "read__note",
    "_read",
    "read_",
    "1read",
    "r\u0435ad",
    "read\u200b",
    "__proto__",
    "a".repeat(65),
    "read/note",
    "read\n",
  ])("with the unclear name %j", (name) => expect(ofTool({ name })).toMatch(/name/));

  it.each(["*", "notes:*", "", "a b", "a,b", "x".repeat(129), '"'])("with the scope %j", (scope) =>
    expect(ofTool({ scope })).toMatch(/scope/),
  );

  it.each(["readonly", "", undefined, "__proto__"])("with the effect %j", (effect) => {
    expect(refusal({ tools: [defineTool({ ...fit, effect } as never)] })).toMatch(/effect/);
  });

  it("with a name that is taken", () =>
    expect(refusal({ tools: [defineTool(fit), defineTool(fit)] })).toMatch(/taken/));
  it("with an empty description", () => expect(ofTool({ description: " " })).toMatch(/description is empty/));
  it("with an error that has no public code", () => {
    expect(ofTool({ errors: { gone: { code: "constructor", message: "x" } } })).toMatch(/no public code/);
  });

  const hidden = "ok\u{e0041}";
  it.each<[string, object]>([
    ["its description", { description: hidden }],
    ["its title", { title: hidden }],
    ["an error's message", { errors: { gone: { code: "conflict", message: hidden } } }],
    ["an argument's name", { input: z.strictObject({ [hidden]: z.string() }) }],
    ["an argument's description", { input: z.strictObject({ a: z.string().describe(hidden) }) }],
    ["an optional argument's description", { input: z.strictObject({ a: z.string().describe(hidden).optional() }) }],
    ["a nested argument's name", { input: z.strictObject({ a: z.strictObject({ [hidden]: z.string() }) }) }],
    [
      "a nested argument's description",
      { input: z.strictObject({ a: z.strictObject({ b: z.string().describe(hidden) }) }) },
    ],
    ["a list element's description", { input: z.strictObject({ a: z.array(z.string().describe(hidden)) }) }],
    ["an option", { input: z.strictObject({ a: z.enum(["x", hidden]) }) }],
    ["a default", { input: z.strictObject({ a: z.string().default(hidden) }) }],
    ["a schema's own title", { input: z.strictObject({ a: z.string().meta({ title: hidden }) }) }],
    ["the input's own description", { input: z.strictObject({ a: z.string() }).describe(hidden) }],
    ["an output's description", { output: z.strictObject({ text: z.string().describe(hidden) }) }],
    ["an output's key", { output: z.strictObject({ [hidden]: z.string() }) }],
  ])("with a hidden character in %s", (_, over) => expect(ofTool(over)).toMatch(/hidden character/));

  it("that is not enabled either: enabling it later must not be a surprise", () => {
    expect(ofTool({ effect: "destroy", description: hidden })).toMatch(/hidden character/);
  });

  it("and names every finding of every tool", () => {
    const message = refusal({
      tools: [defineTool({ ...fit, name: "A" }), defineTool({ ...fit, name: "B", scope: "*" })],
    });
    expect(message?.match(/^- /gm)).toHaveLength(3);
  });
});
