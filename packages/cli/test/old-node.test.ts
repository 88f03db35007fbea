import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

const SOURCE = readFileSync(join(import.meta.dirname, "../src/cli.ts"), "utf8");

/** The part before the first import, run as on a Node of that version. */
function start(node: string): { exitCode?: number; err: string } {
  const result: { exitCode?: number; err: string } = { err: "" };
  const process = {
    versions: { node },
    argv: ["node", "cli.js"],
    stdout: { on: () => undefined },
    stderr: { write: (text: string) => void (result.err += text) },
    set exitCode(code: number) {
      result.exitCode = code;
    },
  };
  const script = SOURCE.replace(/^#!.*/, "")
    .slice(0, SOURCE.indexOf("} else {"))
    .replace(/} e?l?s?e? ?{?\s*$/, "");
  runInNewContext(`${script.slice(0, script.lastIndexOf("78;") + 3)}}`, { process });
  return result;
}

test.each(["18.20.0", "20.20.2", "22.0.0"])("on Node %s says what to do and exits 78", (node) => {
  expect(start(node)).toMatchObject({ exitCode: 78, err: expect.stringContaining("needs Node 24") });
});

test.each(["24.0.0", "26.1.0"])("on Node %s goes on", (node) => {
  expect(start(node)).toEqual({ err: "" });
});

test("imports nothing before the check", () => {
  expect(SOURCE).not.toMatch(/^import\s/m);
});
