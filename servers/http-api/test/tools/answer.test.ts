import { describe, expect, it } from "vitest";
import type { ApiAnswer } from "../../src/model/exchange.ts";
import { answerSchema, asWritten } from "../../src/tools/answer.ts";

const head = { status: 200, headers: {} };

describe("an answer on its way to the call path", () => {
  it.each<[string, NonNullable<ApiAnswer["body"]> | null]>([
    ["an object", { a: [1, null, 'say "a"\n'], é: "\u2028" }],
    ["a list", [{ a: 1 }, 2]],
    ["a text", "text"],
    ["a number", 1],
    ["null", null],
  ])("says the same, on one line, with %s as its body", (_, body) => {
    const given = { ...head, body, notes: ["cut"] };
    const json = JSON.stringify(answerSchema.parse(asWritten(given)));
    expect(JSON.parse(json)).toEqual(given);
    expect(json).not.toContain("\n");
  });

  it("is itself where it has no body", () => {
    const given = { ...head, text: "text" };
    expect(asWritten(given)).toBe(given);
  });

  it("keeps a body that is one text as a text, which can be cut to size", () => {
    expect(asWritten({ ...head, body: "text" }).body).toBe("text");
  });

  it("is no answer with a body that no parser made", () => {
    for (const body of [new Date(), Number.NaN, { a: undefined }])
      expect(answerSchema.safeParse({ ...head, body }).success).toBe(false);
  });
});
