import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { outputSchema } from "../../src/compile/json-schema.ts";
import { guarded } from "../../src/define/guarded.ts";
import { looseParts } from "../../src/define/strict.ts";
import { callOnce, shown } from "../support/call-once.ts";
import { expectGuardAgrees } from "../support/guarded.ts";
import { errorOf } from "../support/walk.ts";

const item = z.strictObject({ n: z.number().int() });
const items = z.array(item).max(3).describe("At most three numbers");

type Items = z.infer<typeof items>;

/** Sure of short lists of small numbers only. */
function readItems(value: unknown): Items | undefined {
  if (!Array.isArray(value) || value.length > 3) return undefined;
  const read: Items = [];
  for (const one of value as unknown[]) {
    if (typeof one !== "object" || one === null || Object.keys(one).length !== 1) return undefined;
    const { n } = one as { n?: unknown };
    if (!Number.isSafeInteger(n)) return undefined;
    read.push({ n: n as number });
  }
  return read;
}

const plain = z.strictObject({ items });
const quick = z.strictObject({ items: guarded(items, readItems) });

describe("a guarded schema", () => {
  it("is listed as the schema it was made from", () => {
    expect(outputSchema(quick)).toStrictEqual(outputSchema(plain));
    expect(looseParts(quick, "output")).toEqual([]);
  });

  it("lets the guard say yes, and leaves the schema it was made from alone", () => {
    let asked = 0;
    const counted = guarded(items, (value) => {
      asked++;
      return readItems(value);
    });
    expect(counted.parse([{ n: 1 }])).toEqual([{ n: 1 }]);
    expect(z.strictObject({ counted }).optional().parse({ counted: [] })).toEqual({ counted: [] });
    expect(asked).toBe(2);
    items.parse([]);
    expect(asked).toBe(2);
  });

  it("has the schema say no, in its own words", () => {
    for (const value of [{ items: [{ n: 1.5 }] }, { items: [1, 2, 3, 4] }, { items: [{ n: 1, more: 2 }] }, {}, null]) {
      expect(quick.safeParse(value).error?.issues).toStrictEqual(plain.safeParse(value).error?.issues);
    }
  });

  it("is the plain schema again where something is added to it", () => {
    const all = guarded(z.array(z.number()), (value) => value as number[]);
    expect(all.safeParse(["no number"]).success).toBe(true);
    expect(all.max(2).safeParse(["no number"]).success).toBe(false);
    expect(all.refine(() => true).safeParse(["no number"]).success).toBe(false);
  });

  it("agrees with its schema", () => {
    const number = fc.integer();
    const good = fc.array(fc.record({ n: number }), { maxLength: 3 });
    const almost = fc.oneof(fc.constantFrom(1.5, Number.NaN, "1", null, undefined, 2 ** 53), number);
    const any = fc.array(fc.oneof(fc.record({ n: almost }, { requiredKeys: [] }), fc.object({ maxDepth: 1 }), almost));
    expectGuardAgrees(items, readItems, good, fc.oneof(any, fc.anything()));
  });

  it("is refused in an input", () => {
    expect(looseParts(quick, "input")).toEqual([expect.stringContaining("checked by hand")]);
  });

  it("loses undeclared keys and refuses wrong types, as any output does", async () => {
    const cut = await callOnce({ output: quick, run: () => ({ items: [{ n: 1, secret: 2 }] }) });
    expect(shown(cut.answer).structuredContent).toEqual({ items: [{ n: 1 }] });
    const wrong = await callOnce({ output: quick, run: () => ({ items: [{ n: "canary-9" }] }) });
    expect(errorOf(wrong.answer).code).toBe("internal");
    expect(JSON.stringify(wrong.answer)).not.toContain("canary-9");
  });

  it("keeps what was checked, also when the handler changes its object later", async () => {
    const value = { items: [{ n: 1 }] };
    const { answer } = await callOnce({ output: quick, run: () => value });
    value.items[0]!.n = 2;
    value.items.push({ n: 3 });
    expect(shown(answer).structuredContent).toEqual({ items: [{ n: 1 }] });
  });
});
