import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCellRows } from "../src/cells-guard.ts";
import { isPlainRows, pageOfWritten, writtenRows } from "../src/written-rows.ts";

const cell = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "binary" }),
);
const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 8 });

describe("isPlainRows", () => {
  it("takes rows of plain cells, as long as no text needs an escape", () => {
    fc.assert(
      fc.property(rows, (value) => {
        const json = JSON.stringify(value);
        expect(isPlainRows(json)).toBe(!json.includes("\\"));
      }),
      { numRuns: 1000 },
    );
  });

  it("takes nothing that is not JSON of rows on one line, however near it is", () => {
    const pieces = [
      '"',
      ",",
      "[",
      "]",
      "{",
      "}",
      " ",
      "\n",
      "\\",
      "\t",
      "0",
      "-",
      ".",
      "e",
      "1e999",
      "null",
      "nul",
      '"a"',
    ];
    const spoiled = fc
      .tuple(rows, fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...pieces))
      .map(([value, at, gone, piece]) => {
        const json = JSON.stringify(value);
        const from = at % (json.length + 1);
        return json.slice(0, from) + piece + json.slice(from + gone);
      });
    fc.assert(
      fc.property(spoiled, (text) => {
        if (!isPlainRows(text)) return;
        expect(text).not.toMatch(/[\n\r]/);
        expect(readCellRows(JSON.parse(text))).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ["a line break between cells, which would end the message", "[[1,\n2]]"],
    ["a line break in a text", '[["a\nb"]]'],
    ["something after the rows", '[[1]],"x":[[1]]'],
    ["an end of the object it is put into", "[[1]]}]"],
    ["an object", '[[{"base64":""}]]'],
    ["a list in a cell", "[[[1]]]"],
    ["a number that overflows", "[[1e999]]"],
    ["a leading zero", "[[01]]"],
    ["a plus", "[[+1]]"],
    ["half a number", "[[1.]]"],
    ["a word", "[[undefined]]"],
    ["a comma too many", "[[1,]]"],
    ["a row too few", "[[1],]"],
    ["an open text", '[["a]]'],
    ["an open row", "[[1"],
    ["no rows", "1"],
    ["nothing", ""],
    ["one bracket", "["],
  ])("does not take %s", (_, text) => {
    expect(isPlainRows(text)).toBe(false);
  });
});

it("a page reads its rows from their JSON when somebody looks", () => {
  const page = pageOfWritten({ columns: [], cutCells: 0 }, { json: "[[1]]", count: 1 });
  expect(writtenRows(page)).toEqual({ json: "[[1]]", count: 1 });
  expect(page.rows).toEqual([[1]]);
  expect(page.rows).toBe(page.rows);
  expect(page).toEqual({ columns: [], cutCells: 0, rows: [[1]] });
  expect(writtenRows({ ...page })).toBeUndefined();
});
