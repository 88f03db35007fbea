import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Cell } from "../src/cells.ts";
import { readCellRows } from "../src/cells-guard.ts";

const blob = fc
  .tuple(fc.uint8Array({ maxLength: 40 }), fc.option(fc.nat(), { nil: undefined }))
  .map(([bytes, length]) => ({
    base64: Buffer.from(bytes).toString("base64"),
    ...(length === undefined ? {} : { bytes: length }),
  }));
const cells = fc.letrec<{ cell: Cell }>((tie) => ({
  cell: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: "binary" }),
    blob,
    fc.array(tie("cell"), { maxLength: 4 }),
  ),
}));
const rows = fc.array(fc.array(cells.cell, { maxLength: 6 }), { maxLength: 8 });

describe("readCellRows", () => {
  it("takes every row of cells, and gives back a copy that no part of is shared", () => {
    fc.assert(
      fc.property(rows, (value) => {
        const read = readCellRows(value);
        expect(read).toStrictEqual(value);
        const before = structuredClone(value);
        scribble(read);
        expect(value).toStrictEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["no list of rows", { 0: [1], length: 1 }],
    ["a row that is none", [[1], "row"]],
    ["nothing where a row should be", [undefined]],
    ["a hole", [new Array(2)]],
    ["undefined", [[undefined]]],
    ["a number that JSON has not", [[Number.NaN]]],
    ["an infinity", [[Number.POSITIVE_INFINITY]]],
    ["a bigint", [[1n]]],
    ["a function", [[() => 1]]],
    ["a date", [[new Date(0)]]],
    ["bytes as they are", [[Buffer.from("abc")]]],
    ["an object", [[{}]]],
    ["a blob with something else in it", [[{ base64: "", path: "/etc" }]]],
    ["a blob with three members", [[{ base64: "", bytes: 1, path: "/etc" }]]],
    ["a blob that inherits its text", [[Object.create({ base64: "" })]]],
    ["a blob that is no base64", [[{ base64: "a" }]]],
    ["base64 of another alphabet", [[{ base64: "__--" }]]],
    ["half a byte more", [[{ base64: "AAAA", bytes: 1.5 }]]],
    ["fewer than no bytes", [[{ base64: "AAAA", bytes: -1 }]]],
    ["something wrong inside an array", [[[1, [Number.NaN]]]]],
    ["arrays without an end", [[endless()]]],
  ])("refuses %s", (_, value) => {
    expect(readCellRows(value)).toBeUndefined();
  });
});

/** Changes whatever can be changed. */
function scribble(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) scribble(item);
    value.push("scribbled");
  } else if (typeof value === "object" && value !== null) Object.assign(value, { scribbled: true });
}

function endless(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
