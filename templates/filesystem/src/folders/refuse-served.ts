import { isAbsolute, relative, sep } from "node:path";
import { ConfigError } from "@hardened-mcp/server";
import { realPathOf } from "@hardened-mcp/server/command-line";
import { resolvePath } from "@hardened-mcp/server/config";
import type { Config } from "../config.ts";

/** In the project's folder, which is where the process is. Who writes here decides what runs next. */
const PROGRAM = ["src", "dist", "node_modules", "vendor", "test", "deploy", "secrets", ".git", ".github"];

/**
 * Ends the start where a client could read, or write beside, what it must not: keys, rules, the audit log, the program.
 *
 * @throws {ConfigError} one of them lies in a served folder, or a served folder lies in one of them
 */
export function refuseServed(secrets: readonly string[], roots: Config["roots"]): void {
  for (const [name, path] of Object.entries(roots)) {
    const root = realPathOf(resolvePath(path));
    for (const secret of [...secrets, ...PROGRAM].map(realPathOf)) {
      if (!lies(secret, root) && !lies(root, secret)) continue;
      throw new ConfigError(`roots.${name}: clients could reach ${secret}. Serve a folder that is apart from it.`);
    }
  }
}

/** Whether a real path is a folder, or below it. */
function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
