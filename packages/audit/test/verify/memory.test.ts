import { expect, test } from "vitest";
import { generateLog } from "../support/generate.ts";
import { verifyFigures } from "../support/verify-figures.ts";
import { temporaryFolder } from "../support.ts";

test("memory does not grow with the log", () => {
  const [small, large] = [10_000, 400_000].map((records) => {
    const dir = temporaryFolder();
    generateLog(dir, records);
    return verifyFigures(dir);
  });
  expect([small?.status, large?.status]).toEqual(["intact", "intact"]);
  // 400,000 records are 180 MB. Between 400,000 and 5,000,000 another 10 MiB were measured.
  expect(large!.peakMiB - small!.peakMiB).toBeLessThan(64);
});
