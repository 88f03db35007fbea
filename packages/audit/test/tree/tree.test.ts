import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrontier, rootOf } from "../../src/tree/frontier.ts";
import { EMPTY_ROOT, type Hash } from "../../src/tree/node-hash.ts";
import { includes, isConsistent } from "../../src/tree/proof.ts";
import { consistencyRanges, inclusionRanges, type Range } from "../../src/tree/ranges.ts";

const sha = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const bytes = (hash: Hash) => Buffer.from(hash, "base64url");
const leafOf = (i: number): Hash => sha(Buffer.of(0), Buffer.from(`leaf ${i}`)).toString("base64url");

/** MTH of RFC 6962, section 2.1, word for word and as slow as that: what everything is held against. */
function mth(leaves: readonly Hash[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return bytes(leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Buffer.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

const LEAVES = Array.from({ length: 130 }, (_, i) => leafOf(i));
const root = (from: number, to: number): Hash => mth(LEAVES.slice(from, to)).toString("base64url");
const roots = (ranges: readonly Range[]) => ranges.map(({ from, to }) => root(from, to));

test("the root is that of RFC 6962 at every size, and can be gone on from at every size", () => {
  let resumed = createFrontier();
  expect(resumed.root()).toBe(EMPTY_ROOT);
  for (const [i, leaf] of LEAVES.entries()) {
    resumed = createFrontier(resumed.size, resumed.nodes());
    resumed.append(leaf);
    expect(resumed.size).toBe(i + 1);
    expect(resumed.root()).toBe(root(0, i + 1));
    expect(rootOf(resumed.nodes())).toBe(resumed.root());
  }
});

test.each([
  [3, 1],
  [0, 1],
  [4, 2],
  [-1, 0],
  [1.5, 1],
])("refuses an edge that cannot be of a tree of %d leaves: %d nodes", (size, nodes) => {
  expect(() => createFrontier(size, LEAVES.slice(0, nodes))).toThrow(RangeError);
});

const sizes = fc
  .integer({ min: 1, max: 130 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }));

test("every leaf is proved by the roots of its ranges, at every size, and by nothing else", () => {
  fc.assert(
    fc.property(sizes, fc.nat(200), fc.nat(7), ({ size, index }, other, bit) => {
      const path = roots(inclusionRanges(index, size));
      expect(includes(LEAVES[index]!, index, size, path, root(0, size))).toBe(true);
      const wrong = leafOf(1000);
      expect(includes(wrong, index, size, path, root(0, size))).toBe(false);
      if (other !== index) expect(includes(LEAVES[index]!, other, size, path, root(0, size))).toBe(false);
      expect(includes(LEAVES[index]!, index, size, [...path, wrong], root(0, size))).toBe(false);
      if (path.length === 0) return;
      expect(includes(LEAVES[index]!, index, size, path.slice(1), root(0, size))).toBe(false);
      expect(includes(LEAVES[index]!, index, size, path.with(bit % path.length, wrong), root(0, size))).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test("every tree is proved to begin every later one, and no other is", () => {
  fc.assert(
    fc.property(sizes, fc.nat(7), ({ size, index }, bit) => {
      const [older, newer] = [index + 1, size];
      const path = roots(consistencyRanges(older, newer));
      const [a, b] = [root(0, older), root(0, newer)];
      expect(isConsistent(older, newer, a, b, path)).toBe(true);
      const wrong = leafOf(1000);
      expect(isConsistent(older, newer, wrong, b, path)).toBe(false);
      expect(isConsistent(older, newer, a, wrong, path)).toBe(false);
      expect(isConsistent(older, newer, a, b, [...path, wrong])).toBe(false);
      if (path.length > 0) expect(isConsistent(older, newer, a, b, path.with(bit % path.length, wrong))).toBe(false);
    }),
    { numRuns: 400 },
  );
});
