import { PathError, type Root, type SafePath } from "@hardened-mcp/safe-path";
import type { Folders } from "./open-folders.ts";

/** A file that may or may not exist, by the one spelling of its path. */
export interface Place {
  readonly root: Root;
  readonly path: SafePath;
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
  if (root === undefined) throw new PathError("outside_root");
  const safe = root.parse(below);
  if (safe !== below) throw new PathError("outside_root");
  return { root, path: safe };
}
