import { expect, it } from "vitest";

import { createKnownRefusals } from "../../../src/rate/shared/known-refusals.ts";

it("knows a refusal until its window ends and not a moment longer", () => {
  const refusals = createKnownRefusals(10, 60_000);
  refusals.remember("a", 1000, 0, 0);
  expect(refusals.wait("a", 0)).toBe(1000);
  expect(refusals.wait("a", 998.5)).toBe(2);
  expect(refusals.wait("a", 999)).toBe(0);
});

it("lets no refusal outlive the window because the store was slow to answer", () => {
  const refusals = createKnownRefusals(10, 60_000);
  refusals.remember("a", 1000, 0, 400);
  expect(refusals.wait("a", 400)).toBe(1000);
  expect(refusals.wait("a", 1000)).toBe(0);
});

it("asks again after a minute, and tells the whole wait meanwhile", () => {
  const refusals = createKnownRefusals(10, 60_000);
  refusals.remember("a", 86_400_000, 0, 0);
  expect(refusals.wait("a", 59_999)).toBe(86_400_000 - 59_999);
  expect(refusals.wait("a", 60_000)).toBe(0);
});

it("keeps a client that floods known, however many keys it makes", () => {
  const refusals = createKnownRefusals(100, 60_000);
  refusals.remember("flood", 60_000, 0, 0);
  for (let i = 0; i < 10_000; i++) {
    refusals.remember(`new-${i}`, 90_000, 0, 0);
    if (i % 50 === 0) expect(refusals.wait("flood", 1)).toBeGreaterThan(0);
  }
  expect(refusals.wait("new-0", 1)).toBe(0);
  expect(refusals.wait("new-9999", 1)).toBeGreaterThan(0);
});
