import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineReader } from "../../src/stdio/lines.ts";

/** Lines as they come out, when `bytes` come in cut at `cuts`. */
function read(bytes: Buffer, cuts: readonly number[], maxBytes = 1_000): string[] {
  const seen: string[] = [];
  const reader = createLineReader(maxBytes, (line) =>
    seen.push(line.kind === "line" ? line.bytes.toString("latin1") : "TOO LONG"),
  );
  let from = 0;
  for (const cut of [...new Set(cuts.map((at) => at % (bytes.length + 1)))].sort((a, b) => a - b)) {
    reader(bytes.subarray(from, cut));
    from = cut;
  }
  reader(bytes.subarray(from));
  return seen;
}

const anyLine = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)));

describe("the line reader", () => {
  it("gives the same lines however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (lines, cuts) => {
        const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
        expect(read(bytes, cuts)).toEqual(lines.map((line) => line.toString("latin1")));
      }),
    );
  });

  it("names each line over the limit once and goes on with the next, however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 30 }), { maxLength: 10 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (sizes, cuts) => {
          const bytes = Buffer.from(sizes.map((size) => `${"x".repeat(size)}\n`).join(""));
          expect(read(bytes, cuts, 10)).toEqual(sizes.map((size) => (size > 10 ? "TOO LONG" : "x".repeat(size))));
        },
      ),
    );
  });

  it("gives nothing for a line that has not ended", () => expect(read(Buffer.from("abc"), [1])).toEqual([]));
});
