import { describe, expect, it } from "vitest";
import { z } from "zod";
import { guarded } from "../../src/define/guarded.ts";
import { written } from "../../src/define/written.ts";
import { callOnce, type Spec, shown } from "../support/call-once.ts";
import { errorOf } from "../support/walk.ts";

const words = z.array(z.string());
const isWords = (json: string): boolean => /^\["[a-z ]*"(?:,"[a-z ]*")*\]$/.test(json);
const quick = z.strictObject({ words: guarded(words, () => undefined, isWords), count: z.number() });

async function structuredOf(spec: Spec) {
  const { answer } = await callOnce(spec);
  const { structuredContent, content } = shown(answer);
  if (!answer.ok) throw new Error("refused");
  // Three forms of one value: what the SDK writes out, what is sent as it is, and the text.
  expect(JSON.parse(answer.structured ?? "")).toEqual(structuredContent);
  expect(JSON.parse(content[0]!.text)).toEqual(structuredContent);
  expect(JSON.parse(JSON.stringify(answer.result))).toEqual({ content, structuredContent });
  return { structuredContent, json: answer.structured };
}

describe("a part of an output that is written already", () => {
  it("is sent as it is where its check takes it", async () => {
    const { structuredContent, json } = await structuredOf({
      output: quick,
      run: () => ({ words: written('["a","b c"]'), count: 2 }),
    });
    expect(structuredContent).toEqual({ words: ["a", "b c"], count: 2 });
    expect(json).toBe('{"words":["a","b c"],"count":2}');
  });

  it("is parsed where its check does not, and the schema decides", async () => {
    const { structuredContent, json } = await structuredOf({
      output: quick,
      run: () => ({ words: written('[ "A\\u0042",\n"c" ]'), count: 2 }),
    });
    expect(structuredContent).toEqual({ words: ["AB", "c"], count: 2 });
    expect(json).toBe('{"words":["AB","c"],"count":2}');
  });

  it.each([
    ["another value than the schema's", quick, "[1]"],
    ["no JSON", quick, '["a"'],
    ["more than a value", quick, '["a"],"count":3'],
    ["for a schema without such a check", z.strictObject({ words, count: z.number() }), '["a"]'],
    [
      "for a schema whose guard knows values only",
      z.strictObject({ words: guarded(words, () => undefined), count: z.number() }),
      '["a"]',
    ],
  ])("is our fault and tells nothing where it is %s", async (_, output, json) => {
    const { answer } = await callOnce({ output, run: () => ({ words: written(json), count: 1 }) });
    expect(errorOf(answer).code).toBe("internal");
  });

  it("is sent as it is also where only a look at its value tells that nothing has to be taken out", async () => {
    const cells = guarded(
      z.array(z.union([z.string(), z.number()])),
      () => undefined,
      (text) => text === '["say \\"a\\"",1.0]',
    );
    const { structuredContent, json } = await structuredOf({
      output: z.strictObject({ cells }),
      run: () => ({ cells: written('["say \\"a\\"",1.0]') }),
    });
    expect(structuredContent).toEqual({ cells: ['say "a"', 1] });
    expect(json).toBe('{"cells":["say \\"a\\"",1.0]}');
  });

  it("is redacted like any other", async () => {
    const secret = `ghp_${"a".repeat(36)}`;
    const { structuredContent, json } = await structuredOf({
      output: z.strictObject({
        words: guarded(
          words,
          () => undefined,
          (text) => text === `["${secret}"]`,
        ),
      }),
      run: () => ({ words: written(`["${secret}"]`) }),
    });
    expect(json).not.toContain(secret);
    expect(JSON.stringify(structuredContent)).toContain("[redacted");
  });

  it("is seen as its value by a text form of the tool's own", async () => {
    const { answer } = await callOnce({
      output: quick,
      present: (value) => (value as { words: string[] }).words.join("+"),
      run: () => ({ words: written('["a","b"]'), count: 2 }),
    });
    expect(shown(answer).content[0]!.text).toContain("a+b");
  });
});
