import { isAbsolute, join, relative, sep } from "node:path";
import { resolvePath } from "../config/secret-file.ts";
import { ConfigError } from "../errors/config-error.ts";
import { realPathOf } from "./audit-dir.ts";

/** In a project's folder. Who writes here decides what runs next, and `secrets` holds keys that no setting names. */
const PROGRAM = ["src", "dist", "node_modules", "vendor", "test", "deploy", "secrets", ".git", ".github"];

/**
 * Ends the start where a client could read, or write beside, what it must not.
 *
 * @param served path by the setting that names it
 * @param apart the project's folder, and what else no client may reach
 * @throws {ConfigError} one of these lies in what is served, or is or holds what is served
 */
export function refuseServedPaths(
  served: Readonly<Record<string, string>>,
  apart: { readonly folder: string; readonly secrets: readonly string[] },
): void {
  const kept = [...apart.secrets, ...PROGRAM.map((name) => join(apart.folder, name))].map(realPathOf);
  for (const [setting, path] of Object.entries(served)) {
    const real = realPathOf(resolvePath(path));
    const reached = kept.find((one) => lies(one, real) || lies(real, one));
    if (reached === undefined) continue;
    throw new ConfigError(`${setting}: clients could reach ${reached}. Name a place that is apart from it.`);
  }
}

/** Whether a real path is a file or folder, or below it. */
function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
