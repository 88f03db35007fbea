import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { lookTogether, SEPARATOR } from "../src/clean.ts";
import { mapStrings } from "../src/deep.ts";
import { PERSONAL_DETECTORS } from "../src/personal/detectors.ts";
import { PERSONAL_KINDS } from "../src/personal/personal-kinds.ts";
import { createRedactor, type RedactorOptions } from "../src/redactor.ts";
import { SECRET_SHAPES } from "../src/secrets/shapes.ts";
import type { Span } from "../src/span.ts";

const PERSONAL_EXAMPLES = [
  "ann@example.org",
  "+44 20 7946 0958",
  "(555) 123-4567",
  "DE89 3704 0044 0532 0130 00",
  "4111 1111 1111 1111",
  "192.168.0.17",
  "2001:db8::1",
  "078-05-1120",
];
const EXAMPLES = [...SECRET_SHAPES.map(({ example }) => example.join("")), ...PERSONAL_EXAMPLES];
const VALUES = ["two\nlines", "hunter2hunter2", "ababab"];

/** What may stand at an edge and decide whether a match is one. */
const EDGES = [
  "",
  "a",
  "9",
  "-",
  "_",
  ".",
  "@",
  "=",
  ":",
  "+",
  "/",
  " ",
  "\n",
  "\u200b",
  "\ud83d",
  "\ude00",
  "é",
  "----",
];

const cell = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("", "plain text", "2026-01-02", "x".repeat(90), "\ude00", "\ud83d", "two\n"),
  },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(..."4 1-.@:/abK=\n\u202e😀é"), maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...EDGES), fc.constantFrom(...EXAMPLES, ...VALUES), fc.constantFrom(...EDGES))
      .map((parts) => parts.join("")),
  },
  // A find cut in two: neither half is one, and together they are no find of one cell either.
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...EXAMPLES, ...VALUES), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean())
      .map(([text, part, first]) => {
        const at = Math.floor(text.length * part);
        return first ? text.slice(0, at) : text.slice(at);
      }),
  },
);

const plain = fc.oneof(cell, cell, cell, fc.integer(), fc.constant(null), fc.boolean());
/** So many plain rows around a few others that they are looked at in several batches. */
const large = fc
  .tuple(fc.nat(400), fc.array(fc.array(plain, { maxLength: 3 }), { maxLength: 4 }), fc.nat(400))
  .map(([before, rows, after]) => [...plainRows(before), ...rows, ...plainRows(after)]);

function plainRows(count: number): unknown[] {
  return Array.from({ length: count }, (_, at) => [at, `row ${at} of ${count}`, "a plain text of some length"]);
}

const value = fc.oneof(
  large,
  fc.array(fc.array(plain, { maxLength: 6 }), { maxLength: 12 }),
  fc.array(fc.dictionary(cell, plain, { maxKeys: 4 }), { maxLength: 6 }),
  fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 5 }, plain, fc.array(tie("any")), fc.dictionary(cell, tie("any"))),
  })).any,
);

const options: fc.Arbitrary<RedactorOptions> = fc.record({
  secrets: fc.record({ values: fc.subarray(VALUES), shapes: fc.boolean() }),
  personal: fc.subarray([...PERSONAL_KINDS]),
  hidden: fc.constantFrom("escape" as const, "remove" as const, "keep" as const),
});

/** What the redactor did before it looked at many texts together. */
function oneByOne(of: RedactorOptions, json: unknown): unknown {
  return mapStrings(json, createRedactor(of).text);
}

describe("a value looked at together", () => {
  it("is redacted exactly as its strings are one by one", () => {
    fc.assert(
      fc.property(options, value, (of, json) => {
        expect(createRedactor(of).value(json)).toStrictEqual(oneByOne(of, json));
      }),
      { numRuns: 4000 },
    );
  });

  it("is clean by its JSON only where nothing would change", () => {
    let clean = 0;
    fc.assert(
      fc.property(options, value, (of, json) => {
        if (!createRedactor(of).isCleanJson(JSON.stringify(json))) return;
        clean++;
        expect(oneByOne(of, json)).toEqual(json);
      }),
      { numRuns: 4000 },
    );
    expect(clean).toBeGreaterThan(100);
  });

  it("hides no find beside any neighbour", () => {
    const of: RedactorOptions = { secrets: { values: VALUES }, personal: [...PERSONAL_KINDS] };
    const redactor = createRedactor(of);
    for (const text of [...EXAMPLES, ...VALUES]) {
      for (const before of EDGES) {
        for (const after of EDGES) {
          for (const row of [
            [before, text, after],
            [`${before}${text}`, after],
            [before, `${text}${after}`],
          ]) {
            const expected = oneByOne(of, row);
            expect(redactor.value(row), JSON.stringify(row)).toStrictEqual(expected);
            if (!redactor.isCleanJson(JSON.stringify(row))) continue;
            expect(expected, JSON.stringify(row)).toStrictEqual(row);
          }
        }
      }
    }
  });

  it("comes back itself when there is nothing to redact", () => {
    const rows = Array.from({ length: 500 }, (_, at) => [
      at,
      `name ${at}`,
      null,
      "two\nlines é 😀",
      { base64: "AAAA" },
    ]);
    const result = { columns: [{ name: "id" }], rows };
    expect(createRedactor().value(result)).toBe(result);
  });

  it("keeps the rows without a find in a large result", () => {
    const secret = SECRET_SHAPES[0]?.example.join("") ?? "";
    const rows = Array.from({ length: 2000 }, (_, at) => [at, at === 1234 ? secret : `a plain name ${at}`]);
    const redacted = createRedactor().value(rows);
    expect(redacted[1234]?.[1]).toBe(`[redacted:${SECRET_SHAPES[0]?.id}]`);
    expect(redacted.filter((row, at) => row !== rows[at])).toHaveLength(1);
  });

  it("does not walk the billions of paths through a few objects that refer to each other", () => {
    let json: unknown = ["leaf"];
    for (let depth = 0; depth < 60; depth++) json = [json, json];
    const redacted = createRedactor({ secrets: { values: ["never in it"] } }).value(json);
    expect(redacted).toStrictEqual(json);
  }, 5_000);

  it("leaves circles, depths and what writes itself as JSON to the careful way", () => {
    const circle: unknown[] = ["hunter2hunter2"];
    circle.push(circle);
    let deep: unknown = "hunter2hunter2";
    for (let depth = 0; depth < 200; depth++) deep = { deep };
    const dated = { at: new Date(0), own: { toJSON: () => "hunter2hunter2" } };
    const of: RedactorOptions = { secrets: { values: ["hunter2hunter2"] } };
    for (const json of [circle, deep, dated]) {
      expect(lookTogether(json, () => true)).toBeUndefined();
      expect(createRedactor(of).value(json)).toStrictEqual(oneByOne(of, json));
    }
  });
});

/**
 * Why a find of one text is a find beside others: no pattern can tell the separator from an end of the text, and what is
 * checked after it was matched cannot run over the separator and be longer than it was alone.
 */
describe.each([SEPARATOR, '"'])("the separator %j", (separator) => {
  const personal = Object.values(PERSONAL_DETECTORS).map((make) => make());

  it("is no hidden character, and nothing personal starts, ends or goes on with it", () => {
    expect(createRedactor().text(separator)).toBe(separator);
    for (const detector of personal) {
      for (const example of PERSONAL_EXAMPLES) {
        for (let at = 0; at <= example.length; at++) {
          const found: Span[] = [];
          const text = example.slice(0, at) + separator + example.slice(at);
          detector.find(text, found);
          for (const { start, end } of found) expect(text.slice(start, end)).not.toContain(separator);
        }
      }
    }
  });

  it("is an end to every shape: none is anchored, and none that is checked afterwards runs over it", () => {
    for (const { id, pattern, accept, example } of SECRET_SHAPES) {
      expect(pattern.source, id).not.toMatch(/(?<![[\\])[$]|(?<![[\\])\^|\\[bB]/);
      if (accept === undefined) continue;
      const text = example.join("");
      for (let at = 1; at < text.length; at++) {
        const match = new RegExp(pattern).exec(text.slice(0, at) + separator + text.slice(at));
        expect(match?.[0] ?? "", id).not.toContain(separator);
      }
    }
  });
});
