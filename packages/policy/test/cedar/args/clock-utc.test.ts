import fc from "fast-check";
import { expect, it } from "vitest";
import { createClock } from "../../../src/cedar/args/clock.ts";

it("shows the same wall clock in UTC as the tables of time zones do", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
      const told = (zone: string) => createClock(() => at, zone).read();
      expect(told("UTC")).toEqual(told("Etc/UTC"));
    }),
    { numRuns: 50 },
  );
});
