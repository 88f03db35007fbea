import { openRoot, PathError, type Root } from "@hardened-mcp/safe-path";
import { ConfigError } from "@hardened-mcp/server";
import { resolvePath } from "@hardened-mcp/server/config";
import type { Config } from "../config.ts";

/** The served folders, by the name that clients know them by. */
export type Folders = ReadonlyMap<string, Root>;

/** Opens what is served, once. @throws {ConfigError} a folder is missing, or too broad to be served: `/`, a home, /tmp */
export function openFolders({ roots, deny }: Pick<Config, "roots" | "deny">): Folders {
  return new Map(Object.entries(roots).map(([name, path]) => [name, open(name, resolvePath(path), deny)]));
}

function open(name: string, path: string, deny: readonly string[]): Root {
  try {
    // Policies compare text. Through a link, a file would have a second name that no rule speaks of.
    return openRoot(path, { links: "refuse", deny });
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    throw new ConfigError(`roots.${name}: ${path} cannot be served. ${error.message}`, { cause: error });
  }
}
