import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { outputSchema } from "../../src/compile/json-schema.ts";
import { jsonSchemaPart, type PartChecked } from "../../src/define/json-schema-part.ts";
import { defineTool } from "../../src/define/tool.ts";
import { fit, ofTool } from "../support/lint.ts";
import { testServer } from "../support/server.ts";
import { errorOf, walk } from "../support/walk.ts";

const schema = { type: "object", properties: { id: { type: "string", maxLength: 3 } }, additionalProperties: false };

/** A stand-in for a compiled validator: an `id` of at most three characters, upper-cased. */
function check(value: unknown): PartChecked<{ id: string }> {
  const id = (value as { id?: unknown } | null)?.id;
  if (typeof id !== "string") return { ok: false, issues: [{ path: [], rule: "type", message: "must be an object" }] };
  if (id.length > 3) {
    const message = "must be at most 3 characters";
    return { ok: false, issues: [{ path: ["id"], rule: "maxLength", message }] };
  }
  return { ok: true, value: { id: id.toUpperCase() } };
}
const part = (over: object = {}) => jsonSchemaPart({ schema, check, ...over });

function toolWith(body: z.ZodType) {
  const run = vi.fn((_args: object) => ({ text: "" }));
  const input = z.strictObject({ body });
  return { run, ...testServer({ tools: [defineTool({ ...about, input, output: fit.output, run })] }) };
}
const about = { name: "echo", description: "Does it.", effect: "read", scope: "echo:use" } as const;

const WRAPPED: readonly [how: string, body: z.ZodType][] = [
  ["as it is", part()],
  ["with a description", part().describe("The body.")],
  ["optional", part().optional()],
  ["described, then optional", part().describe("The body.").optional()],
  ["optional, then described", part().optional().describe("The body.")],
  ["with metadata", part().meta({ title: "Body" })],
  ["with another check", part().refine(() => true)],
];

describe.each(WRAPPED)("a part with a JSON Schema of its own, %s", (_, body) => {
  it("is listed as that schema", async () => {
    const { server } = toolWith(body);
    const listed = server.tools.get("echo")?.listed.inputSchema["properties"] as { body: object };
    expect(listed.body).toMatchObject(schema);
  });

  it("hands on what its check returns", async () => {
    const { server, run } = toolWith(body);
    expect((await walk(server, { args: { body: { id: "abc" } } })).ok).toBe(true);
    expect(run.mock.calls[0]?.[0]).toEqual({ body: { id: "ABC" } });
  });

  it("refuses in the words of its check, and puts its rule on record", async () => {
    const { server, run, sink } = toolWith(body);
    const error = errorOf(await walk(server, { args: { body: { id: "canary" } } }));
    expect(error.code).toBe("invalid_input");
    expect(error.message).toContain('"body.id": must be at most 3 characters.');
    expect(sink.events.at(-1)).toMatchObject({ type: "call.refused", decision: { rule: "maxLength@body" } });
    expect(JSON.stringify([error, sink.events])).not.toContain("canary");
    expect(run).not.toHaveBeenCalled();
  });
});

describe("a part with a JSON Schema of its own", () => {
  it("counts as strict, and no other custom schema does", () => {
    expect(ofTool({ input: z.strictObject({ a: part() }) })).toBeUndefined();
    expect(ofTool({ input: z.strictObject({ a: z.custom(() => true) }) })).toMatch(/input\.a accepts anything/);
    // Looks like one to whoever goes by names.
    const posing = z.custom(() => true);
    posing._zod.traits.add("JsonSchemaPart");
    expect(ofTool({ input: z.strictObject({ a: posing }) })).toMatch(/input\.a accepts anything/);
  });

  it("may be missing only where it is optional", async () => {
    expect((await walk(toolWith(part().optional()).server, { args: {} })).ok).toBe(true);
    expect(errorOf(await walk(toolWith(part()).server, { args: {} })).message).toContain('"body": must be an object.');
  });

  it("is linted like every text that a model reads", () => {
    const hidden = part({ schema: { type: "string", description: "a\u200bb" } });
    expect(ofTool({ input: z.strictObject({ a: hidden }) })).toMatch(/hidden character \(U\+200B/);
    expect(ofTool({ input: z.strictObject({ a: part({ schema: { enum: ["x".repeat(5000)] } }) }) })).toMatch(/longer/);
  });

  it("changes the definition when its schema does", () => {
    const of = (one: z.ZodType) => toolWith(one).server.operations[0]?.definition;
    expect(of(part())).toBe(of(part()));
    expect(of(part({ schema: { ...schema, maxProperties: 1 } }))).not.toBe(of(part()));
  });

  it("checks nothing until it is called", () => {
    const asked = vi.fn(check);
    toolWith(part({ check: asked }));
    expect(asked).not.toHaveBeenCalled();
  });

  it("leaves the schema that it was given as it was", () => {
    const nested = { anyOf: [{ anyOf: [{ type: "string" }, { type: "null" }] }, { type: "number" }] };
    const before = structuredClone(nested);
    toolWith(part({ schema: nested }).describe("x"));
    expect(nested).toEqual(before);
  });

  it("refuses where its check says no and does not say why", async () => {
    const { server } = toolWith(part({ check: () => ({ ok: false, issues: [] }) }));
    expect(errorOf(await walk(server, { args: { body: 1 } })).code).toBe("invalid_input");
  });

  it("fails the call, and tells nothing, where its check throws", async () => {
    const broken = () => {
      throw new Error("canary");
    };
    const error = errorOf(await walk(toolWith(part({ check: broken })).server, { args: { body: 1 } }));
    expect(error.code).toBe("internal");
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  it.each(["a rule@body", "", "x".repeat(65)])("puts no rule on record that is no plain word: %j", async (rule) => {
    const { server, sink } = toolWith(
      part({ check: () => ({ ok: false, issues: [{ path: [], rule, message: "no" }] }) }),
    );
    await walk(server, { args: { body: 1 } });
    expect(sink.events.at(-1)).toMatchObject({ decision: { rule: "custom@body" } });
  });
});

describe("an output that is such a part", () => {
  const answering = (output: z.ZodType, value: unknown) =>
    testServer({ tools: [defineTool({ ...about, input: z.strictObject({}), output, run: () => value as never })] });

  it("is listed as its schema or a refusal, and answers what its check returns", async () => {
    const { server } = answering(part(), { id: "abc" });
    expect(server.tools.get("echo")?.listed.outputSchema).toMatchObject({ type: "object", anyOf: [schema, {}] });
    const answer = await walk(server, { args: {} });
    expect(answer.ok && answer.result["structuredContent"]).toEqual({ id: "ABC" });
  });

  it("fails the call where the check says no", async () => {
    expect(errorOf(await walk(answering(part(), { id: "too long" }).server, { args: {} })).code).toBe("internal");
  });

  it("is refused where it is no object", () => {
    expect(ofTool({ output: part({ schema: { type: "array" } }) })).toMatch(/neither an object/);
  });

  it("is listed like an object of zod's with the same schema", () => {
    const own = z.strictObject({ id: z.string().max(3).optional() });
    expect(outputSchema(part())).toEqual(outputSchema(own));
  });
});
