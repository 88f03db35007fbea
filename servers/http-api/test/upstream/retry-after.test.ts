import { describe, expect, it, vi } from "vitest";
import { readRetryAfter } from "../../src/upstream/retry-after.ts";

describe("Retry-After", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1, 12, 0, 0) });

  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5_000],
    ["Thu, 01 Jan 2026 12:00:10 GMT", 10_000],
    ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
    ["Thursday, 01-Jan-26 12:00:10 GMT", 10_000],
    // To Date.parse these are a year, a month and a day.
    ["-1", undefined],
    ["1.5", undefined],
    ["1, 2", undefined],
    ["soon", undefined],
    ["", undefined],
    ["99999999999999999999", undefined],
  ])("%j is %s ms", (value, expected) => {
    expect(readRetryAfter(value === undefined ? {} : { "retry-after": value })).toBe(expected);
  });
});
