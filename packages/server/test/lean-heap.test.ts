import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MIB = 2 ** 20;
const script = fileURLToPath(new URL("support/children/many-objects.ts", import.meta.url));
const most = (mode: string): number => Number(execFileSync(process.execPath, [script, mode], { encoding: "utf8" }));

describe("a lean heap", () => {
  it("stops growing its room for new objects, which V8 would not", () => {
    expect(most("lean")).toBeLessThanOrEqual(64 * MIB);
    expect(most("as it comes")).toBeGreaterThan(64 * MIB);
  }, 60_000);
});
