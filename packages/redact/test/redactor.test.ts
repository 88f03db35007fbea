import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRedactor } from "../src/redactor.ts";

const secretValue = fc
  .string({ minLength: 6, maxLength: 20, unit: fc.constantFrom(...'ab[]:\\"\n%éred') })
  .filter((value) => {
    try {
      createRedactor({ secrets: { values: [value] } });
      return true;
    } catch {
      return false;
    }
  });

/** Texts in which the secrets overlap, touch and repeat. */
const secretsAndText = fc.array(secretValue, { minLength: 1, maxLength: 4 }).chain((values) =>
  fc.record({
    values: fc.constant(values),
    text: fc
      .array(fc.oneof(fc.constantFrom(...values), fc.constantFrom(...values.map((v) => v.slice(0, 4))), fc.string()))
      .map((parts) => parts.join("")),
  }),
);

describe("createRedactor", () => {
  it("never lets a configured secret through", () => {
    fc.assert(
      fc.property(
        secretsAndText,
        fc.constantFrom("escape" as const, "remove" as const, "keep" as const),
        (input, hidden) => {
          const redacted = createRedactor({ secrets: { values: input.values }, hidden }).text(input.text);
          for (const value of input.values) expect(redacted).not.toContain(value);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(secretsAndText, ({ values, text }) => {
        const redactor = createRedactor({ secrets: { values } });
        const once = redactor.text(text);
        expect(redactor.text(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it("returns clean printable text as it is", () => {
    const redactor = createRedactor({ secrets: { values: ["correct-horse-battery"] } });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abc XYZ.,;()\n\t") }), (text) => redactor.text(text) === text),
    );
  });

  it("finds secrets that overlap, one inside the other and end to end", () => {
    const redactor = createRedactor({ secrets: { values: ["abcdefgh", "efghijkl", "cdefgh"] } });
    expect(redactor.text("--abcdefghijkl--")).toBe("--[redacted:secret]--");
    expect(redactor.text("--abcdefghabcdefgh--")).toBe("--[redacted:secret][redacted:secret]--");
  });

  it("finds a secret in JSON text and in a URL", () => {
    const secret = 'pa"ss wörd\\n';
    const redactor = createRedactor({ secrets: { values: [secret] } });
    expect(redactor.text(JSON.stringify({ secret }))).toBe('{"secret":"[redacted:secret]"}');
    expect(redactor.text(`https://x/?k=${encodeURIComponent(secret)}`)).toBe("https://x/?k=[redacted:secret]");
  });

  it.each(["escape", "remove", "keep"] as const)("finds a secret with invisible characters inside (%s)", (hidden) => {
    const redactor = createRedactor({ secrets: { values: ["correct-horse"] }, hidden });
    expect(redactor.text("a correct-\u200bho\u{e0041}r\u001b[31mse b")).toBe("a [redacted:secret] b");
  });

  it("takes a secret that arrives later", () => {
    const redactor = createRedactor();
    redactor.addSecret("late-arrival");
    expect(redactor.text("a late-arrival")).toBe("a [redacted:secret]");
  });

  it.each(["", "short", "secret", "redacted", "[redacted:secret]"])(
    "refuses the useless secret %j without quoting it",
    (value) => {
      expect(() => createRedactor({ secrets: { values: [value] } })).toThrow(RangeError);
    },
  );

  it("refuses an unknown kind of personal data and an unknown policy", () => {
    const typo: string = "e-mail";
    expect(() => createRedactor({ personal: [typo as "email"] })).toThrow(RangeError);
    expect(() => createRedactor({ hidden: typo as "keep" })).toThrow(RangeError);
    expect(() => createRedactor({ secret: {} } as never)).toThrow('no option "secret"');
    expect(() => createRedactor({ secrets: { value: ["hunter22"] } } as never)).toThrow('no option "value"');
  });
});

describe("value", () => {
  const redactor = createRedactor({ secrets: { values: ["correct-horse"] } });

  it("looks at every string and every key", () => {
    expect(redactor.value({ a: ["x correct-horse"], "correct-horse": 1, n: 5, z: null })).toEqual({
      a: ["x [redacted:secret]"],
      "[redacted:secret]": 1,
      n: 5,
      z: null,
    });
  });

  it("returns unchanged parts themselves", () => {
    const clean = { a: [1, { b: "c" }] };
    expect(redactor.value(clean)).toBe(clean);
    const mixed = { clean, dirty: "correct-horse" };
    expect(redactor.value(mixed).clean).toBe(clean);
    expect(mixed.dirty).toBe("correct-horse");
  });

  it("keeps both of two keys that read the same once redacted", () => {
    expect(redactor.value({ "correct-horse": 1, "[redacted:secret]": 2 })).toEqual({
      "[redacted:secret]": 1,
      "[redacted:secret]#2": 2,
    });
  });

  it("keeps __proto__ a member", () => {
    const value: unknown = redactor.value(JSON.parse('{"__proto__": {"x": "correct-horse"}}'));
    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":"[redacted:secret]"}}');
  });

  it("survives cycles, wide cycles and depth", () => {
    const cycle: Record<string, unknown> = {};
    cycle["a"] = cycle;
    cycle["b"] = cycle;
    expect(redactor.value(cycle)).toEqual({ a: "[redacted:circular]", b: "[redacted:circular]" });
    let deep: unknown = "correct-horse";
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(JSON.stringify(redactor.value(deep))).toContain("[redacted:too_deep]");
  });

  it("redacts what toJSON would send", () => {
    expect(redactor.value({ a: { toJSON: () => "correct-horse" } })).toEqual({ a: "[redacted:secret]" });
  });
});
