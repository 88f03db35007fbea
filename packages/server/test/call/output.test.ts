import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contentBlocks } from "../../src/define/content.ts";
import { callOnce, type Spec, shown } from "../support/call-once.ts";
import { errorOf } from "../support/walk.ts";

const CANARY = "canary-9";

describe("an output", () => {
  it.each<[string, z.ZodType, unknown, unknown]>([
    ["at the top of a strict object", z.strictObject({ a: z.number() }), { a: 1, CANARY }, { a: 1 }],
    ["at the top of an object", z.object({ a: z.number() }), { a: 1, CANARY }, { a: 1 }],
    [
      "in a nested object",
      z.strictObject({ a: z.strictObject({ b: z.number() }) }),
      { a: { b: 1, CANARY } },
      { a: { b: 1 } },
    ],
    [
      "in elements of a list",
      z.strictObject({ a: z.array(z.strictObject({ b: z.number() })) }),
      { a: [{ b: 1 }, { b: 2, CANARY }, { b: 3, CANARY }] },
      { a: [{ b: 1 }, { b: 2 }, { b: 3 }] },
    ],
    [
      "in a record's values",
      z.strictObject({ a: z.record(z.string(), z.strictObject({ b: z.number() })) }),
      { a: { x: { b: 1, CANARY } } },
      { a: { x: { b: 1 } } },
    ],
    [
      "as a __proto__ of its own",
      z.strictObject({ a: z.number() }),
      JSON.parse('{"a":1,"__proto__":{"CANARY":1}}'),
      { a: 1 },
    ],
  ])("loses keys that its schema does not declare: %s", async (_, output, value, left) => {
    const { answer } = await callOnce({ output, run: () => value });
    expect(shown(answer).structuredContent).toEqual(left);
    expect(JSON.stringify(answer)).not.toContain("CANARY");
    expect(JSON.parse(shown(answer).content[0]!.text)).toEqual(left);
  });

  it.each<[string, z.ZodType, unknown]>([
    ["a wrong type", z.strictObject({ a: z.number() }), { a: CANARY }],
    ["a missing key", z.strictObject({ a: z.number() }), {}],
    ["nothing", z.strictObject({ a: z.number() }), undefined],
    ["an object for a text", z.string(), { CANARY }],
    ["unknown blocks", contentBlocks, [{ type: "script", text: CANARY }]],
    ["blocks with no base64", contentBlocks, [{ type: "image", data: `${CANARY}!`, mimeType: "image/png" }]],
    ["a mime type with hidden characters", contentBlocks, [{ type: "image", data: "", mimeType: "image/\u200bpng" }]],
    ["an undeclared key beside a function", z.strictObject({ a: z.number() }), { a: 1, f: () => CANARY }],
  ])("of %s is our fault and tells nothing", async (_, output, value) => {
    const { answer, sink } = await callOnce({ output, run: () => value });
    if (answer.ok) expect(answer.result["structuredContent"]).toEqual({ a: 1 });
    else expect(errorOf(answer).code).toBe("internal");
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(sink.of("call.outcome")).toHaveLength(1);
  });

  it("gives the operator the names of keys that were cut off, and never their values", async () => {
    const { entries } = await callOnce({
      output: z.strictObject({ a: z.number() }),
      run: () => ({ a: 1, extra: CANARY }),
    });
    const line = entries().find((entry) => String(entry["msg"]).includes("undeclared"));
    expect(line).toMatchObject({ keys: ["extra"] });
    expect(JSON.stringify(line)).not.toContain(CANARY);
  });

  it("is the parsed value in both of its forms, also when the handler changes its object later", async () => {
    const value = { text: "before" };
    const { answer } = await callOnce({ output: z.strictObject({ text: z.string() }), run: () => value });
    value.text = "after";
    expect(shown(answer)).toEqual({
      content: [{ type: "text", text: '{"text":"before"}' }],
      structuredContent: { text: "before" },
    });
  });

  it("has its secrets masked in both of its forms", async () => {
    const key = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
    const { answer } = await callOnce({
      output: z.strictObject({ text: z.string() }),
      run: () => ({ text: `key ${key}` }),
      present: (output: { text: string }) => `as text: ${output.text}`,
    } as Spec);
    expect(JSON.stringify(answer)).not.toContain(key);
  });

  it("that is marked as untrusted stands between delimiters in its text only", async () => {
    const { answer } = await callOnce(
      { output: z.strictObject({ text: z.string() }), run: () => ({ text: "x" }) },
      { markUntrusted: true },
    );
    expect(shown(answer).structuredContent).toEqual({ text: "x" });
    expect(shown(answer).content[0]!.text).not.toBe('{"text":"x"}');
  });
});
