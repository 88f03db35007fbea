import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import type { Measured } from "./support/million-keys.ts";

const SCRIPT = new URL("./support/million-keys.ts", import.meta.url).pathname;

// A million keys that were all kept would take 85 MiB or more; a step that looks at all of them, longer than a test may.
describe.each([
  ["memory", 24],
  ["refusals", 40],
  ["failures", 24],
])("a million keys: %s", (subject, maxMiB) => {
  it(`stays below ${maxMiB} MiB, and whoever has spent everything does not get clean by it`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", SCRIPT, subject]);
    const measured = JSON.parse(stdout) as Measured;
    expect(measured.heavyHitterPassed).toBe(0);
    expect(measured.heapMiB).toBeLessThan(maxMiB);
  });
});
