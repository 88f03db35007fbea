import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Findings } from "../candidate.ts";
import type { Installed } from "../closure.ts";

const ON_INSTALL = ["preinstall", "install", "postinstall"];

/**
 * Nothing that comes along may run code when it is installed: the account of whoever types `npx` is what such code gets, and
 * a worm in a registry spreads by it.
 */
export function checkInstallScripts(closure: readonly Installed[]): Findings {
  return closure.flatMap(({ name, version, folder, manifest: { scripts = {}, gypfile } }) => [
    ...ON_INSTALL.filter((script) => scripts[script] !== undefined).map(
      (script) => `${name} ${version} runs ${script}: ${scripts[script]}`,
    ),
    // npm compiles where this file is and no script, unless the manifest says that it is not for that.
    ...(existsSync(join(folder, "binding.gyp")) && gypfile !== false && scripts["install"] === undefined
      ? [`${name} ${version} has a binding.gyp, which is compiled on install`]
      : []),
  ]);
}
