import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const CLI = join(import.meta.dirname, "../src/cli.ts");

/** Starts the command while the process believes to be that Node. */
function startOn(version: string, ...args: string[]): { status: number | null; stderr: string } {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
  return spawnSync(process.execPath, ["--import", pretend, CLI, ...args], { encoding: "utf8" });
}

test.each(["18.20.0", "20.20.2", "22.0.0"])("on Node %s says what to do and exits 78", (version) => {
  const { status, stderr } = startOn(version, "--nonsense");
  expect(stderr).toContain(`needs Node 24 or newer; this is Node ${version}`);
  expect(status).toBe(78);
});

test.each(["24.0.0", "26.1.0"])("on Node %s reads the command line", (version) => {
  expect(startOn(version, "--nonsense").status).toBe(64);
});

test("imports nothing before the check: an old Node could not parse it", () => {
  expect(readFileSync(CLI, "utf8")).not.toMatch(/^(import|export .* from)\s/m);
});
