import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

describe("the main entry", () => {
  it("does not load the engine: a server without a policy file does not pay for it", () => {
    const index = new URL("../src/index.ts", import.meta.url).href;
    const script = `
      await import(${JSON.stringify(index)});
      const { createRequire } = await import("node:module");
      const loaded = Object.keys(createRequire(import.meta.url).cache ?? {});
      console.log(JSON.stringify(loaded.filter((file) => file.includes("cedar"))));`;
    const run = (text: string) =>
      execFileSync(process.execPath, ["--input-type=module", "-e", text], { encoding: "utf8" });
    expect(JSON.parse(run(script))).toEqual([]);
    const cedar = new URL("../src/cedar.ts", import.meta.url).href;
    expect(JSON.parse(run(script.replace(index, cedar))).length).toBeGreaterThan(0);
  });
});
