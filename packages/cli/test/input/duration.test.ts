import { expect, test } from "vitest";
import { parseDuration } from "../../src/input/duration.ts";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
])("%s is %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "2", "h", "2 h", "-2h", "2.5h", "2H", "1h30m", "1e3s", "\u0662h", "9999999999s", "2h\n"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
