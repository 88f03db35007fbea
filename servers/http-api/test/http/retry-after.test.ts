import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../src/http/retry-after.ts";

describe("Retry-After", () => {
  const now = Date.parse("Sun, 06 Nov 1994 08:49:37 GMT");
  const DAY = 86_400_000;
  it.each<[string | undefined, number | undefined]>([
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5_000],
    ["999999999", DAY],
    ["99999999999999999999", DAY],
    ["Sun, 06 Nov 1994 08:49:47 GMT", 10_000],
    ["Sunday, 06-Nov-94 08:49:47 GMT", 10_000],
    ["Sun Nov  6 08:49:47 1994", 10_000],
    ["Sun, 06 Nov 1994 08:00:00 GMT", 0],
    ["Fri, 31 Dec 9999 23:59:59 GMT", DAY],
    // To Date.parse these are a year, a month and a day.
    ["-1", undefined],
    ["1.5", undefined],
    ["1, 2", undefined],
    ["1e3", undefined],
    ["soon", undefined],
    ["", undefined],
    ["2030-01-01", undefined],
    ["Sun, 06 Nov 1994 08:49:47 +0100", undefined],
    ["Sun, 99 Nov 1994 08:49:47 GMT", undefined],
    [undefined, undefined],
  ])("%j is %s ms", (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });
});
