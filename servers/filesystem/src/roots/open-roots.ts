import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { openRoot, PathError, type Root } from "@hardened-mcp/safe-path";
import { ConfigError, nearest } from "@hardened-mcp/server";
import type { FilesystemConfig } from "../config/schema.ts";

/**
 * Opens the configured roots. One that does not exist or cannot be entered is left out with a warning, as by the official
 * server: fewer roots are never wider. Anything else wrong with a root stops the start.
 *
 * @param warn told about each root that is left out
 * @throws {ConfigError} no root is left, or one is too broad
 */
export function openRoots(config: FilesystemConfig, warn: (message: string) => void): readonly Root[] {
  const opened: Root[] = [];
  for (const spec of config.roots) {
    const { path, name, links } = typeof spec === "string" ? { path: spec, name: undefined, links: undefined } : spec;
    try {
      const root = openRoot(path, {
        ...(name === undefined ? {} : { name }),
        ...(links === undefined ? {} : { links }),
        hardLinks: config.hardLinks,
        deny: config.deny,
        dangerouslyAllowBroadRoot: config.dangerouslyAllowBroadRoot,
      });
      if (opened.some((one) => one.path === root.path)) root.close();
      else opened.push(root);
    } catch (error) {
      if (!(error instanceof PathError)) throw error;
      if (error.code !== "root_not_found" && error.code !== "permission")
        throw new ConfigError(explain(path, error), { cause: error });
      warn(`Cannot access directory ${path}, skipping.${hint(path)}`);
    }
  }
  if (opened.length === 0) throw new ConfigError("None of the given directories can be accessed.");
  return opened;
}

function explain(path: string, { code, message, cause }: PathError): string {
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  const advice =
    code === "root_too_broad" ? " Name a directory inside it, or pass --dangerously-allow-broad-root." : "";
  return `The directory ${path} is not served: ${message}${why}${advice}`;
}

/** For the operator's terminal, so it may name what is next to the missing directory. */
function hint(path: string): string {
  try {
    const near = nearest(basename(path), readdirSync(dirname(path)));
    return near === undefined ? "" : ` Did you mean ${near}?`;
  } catch {
    return "";
  }
}
