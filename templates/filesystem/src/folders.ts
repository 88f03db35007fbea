import { openRoot, PathError, publicErrorOf, type Root, type SafePath } from "@hardened-mcp/safe-path";
import { CallError, ConfigError } from "@hardened-mcp/server";
import { resolvePath } from "@hardened-mcp/server/config";
import type { Config } from "./config.ts";

/** The served folders, by the name that clients know them by. */
export type Folders = ReadonlyMap<string, Root>;

/** A file that may or may not exist, by the one spelling of its path. */
export interface Place {
  readonly root: Root;
  readonly path: SafePath;
}

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

/**
 * What a client's path names: a served folder, then the way in it, as in `files/notes/plan.md`.
 *
 * `a//b` and `a/./b` are refused, and so is an absolute path: the rules of a policy were written about one spelling.
 *
 * @throws {PathError} `outside_root`, `invalid_name`, `denied_name`, `too_long`, `too_deep`
 */
export function locate(folders: Folders, path: string): Place {
  const [name = "", ...names] = path.split("/");
  const below = names.join("/");
  const root = folders.get(name);
  const safe = root?.parse(below);
  if (root === undefined || safe !== below) throw new PathError("outside_root");
  return { root, path: safe };
}

/** Runs a handler. Which protection has refused would tell a prober what lies where: clients hear the same of all, the record has it. */
export function answering<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const told = publicErrorOf(error);
    if (told === undefined) throw error;
    throw new CallError(told.code, told.message, { cause: error, rule: told.rule });
  }
}
