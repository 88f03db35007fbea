import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "./cli.ts";

/**
 * The environment in which the command runs scripts before itself, with `fs` to change: what another program does in a given
 * moment, or a disk that refuses there.
 */
export function withHook(...scripts: readonly string[]): NodeJS.ProcessEnv {
  const file = join(tempFolder(), "hook.cjs");
  const blocks = scripts.map((script) => `{\n${script}\n}\n`).join("");
  writeFileSync(file, `const fs = require("node:fs");\n${blocks}require("node:module").syncBuiltinESMExports();\n`);
  return { NODE_OPTIONS: `--require=${file}` };
}

/** Acts as soon as the stage is there: after the target was looked at, before anything is moved. */
export function whenStaged(act: string): string {
  return `const { mkdtempSync } = fs;
fs.mkdtempSync = (...args) => { const made = mkdtempSync(...args); ${act}; return made; };`;
}

/** The disk refuses a call of `from` and `to` of which the condition holds. */
export function refusing(call: string, condition: string, code = "EIO"): string {
  return `const real = fs.${call};
fs.${call} = (from, to, ...rest) => {
  if (${condition}) throw Object.assign(new Error("refused"), { code: "${code}" });
  return real(from, to, ...rest);
};`;
}
