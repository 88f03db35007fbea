import fc from "fast-check";
import { expect } from "vitest";
import type { z } from "zod";

/**
 * Holds a hand-written reader against its schema: what it takes the schema takes, with the same value, as a copy; and what it should
 * be quick for it does take.
 *
 * @param good values the schema takes
 * @param any values of which many are almost right
 */
export function expectGuardAgrees(
  schema: z.ZodType,
  read: (value: unknown) => unknown,
  good: fc.Arbitrary<unknown>,
  any: fc.Arbitrary<unknown>,
): void {
  fc.assert(
    fc.property(good, (value) => {
      expect(schema.parse(value)).toEqual(value);
      expect(read(value)).toEqual(value);
    }),
  );
  fc.assert(
    fc.property(any, (value) => {
      const result = read(value);
      if (result === undefined) return;
      expect(schema.parse(value)).toEqual(result);
      expect(result).not.toBe(value);
    }),
    { numRuns: 2000 },
  );
}
