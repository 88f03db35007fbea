import { readCellRows } from "@hardened-mcp/safe-sql";
import fc from "fast-check";
import { it } from "vitest";
import { expectGuardAgrees } from "../../../../packages/server/test/support/guarded.ts";
import { cellRows } from "../../src/tools/result.ts";

const bytes = fc.uint8Array({ maxLength: 6 }).map((some) => Buffer.from(some).toString("base64"));
const blob = fc.record({ base64: bytes, bytes: fc.nat() }, { requiredKeys: ["base64"] });
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.maxSafeInteger(),
  fc.string({ unit: "binary" }),
);
const { cell } = fc.letrec((tie) => ({
  cell: fc.oneof({ maxDepth: 4 }, scalar, blob, fc.array(tie("cell"), { maxLength: 3 })),
}));
const rows = fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 4 });

/** What is no cell, or almost one. */
const almost = fc.oneof(
  cell,
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n, new Date(0), new Uint8Array(2)),
  fc.record({ base64: fc.string({ maxLength: 5 }), bytes: fc.double() }, { requiredKeys: [] }),
  fc.record({ base64: bytes, bytes: fc.integer(), more: fc.constant(1) }, { requiredKeys: ["base64"] }),
);

it("takes no cell by hand that the schema, which clients see, does not describe", () => {
  expectGuardAgrees(
    cellRows,
    readCellRows,
    rows,
    fc.oneof(
      fc.array(fc.oneof(fc.array(almost, { maxLength: 3 }), almost), { maxLength: 3 }),
      fc.array(fc.array(almost)),
      almost,
    ),
  );
});
