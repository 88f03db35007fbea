import { isAbsolute } from "node:path";
import { PathError, type Root, type SafePath } from "@hardened-mcp/safe-path";

/**
 * Opens what a client's path names, through the root it belongs to.
 *
 * An absolute path belongs to the first root that contains it. A relative path is tried in each root in the order they were
 * given; the first root that has something there decides, also when it refuses: a name that one root denies must not be
 * looked for in another.
 *
 * @throws {PathError} `outside_root` for an absolute path below no root; whatever `open` throws
 */
export function inRoots<T>(roots: readonly Root[], input: string, open: (root: Root, path: SafePath) => T): T {
  if (isAbsolute(input)) {
    const root = roots.find((one) => one.contains(input));
    if (root === undefined) throw new PathError("outside_root");
    return open(root, root.parse(input));
  }
  let missing: PathError | undefined;
  for (const root of roots) {
    try {
      return open(root, root.parse(input));
    } catch (error) {
      if (!(error instanceof PathError && isMissing(error))) throw error;
      missing ??= error;
    }
  }
  throw missing ?? new PathError("not_found");
}

/** `a/b` is not in a root where `a` is a file. */
function isMissing(error: PathError): boolean {
  return error.code === "not_found" || (error.code === "not_a_directory" && error.cause !== undefined);
}

/** The absolute path of something in a root, as the official server shows it and as every tool takes it back. */
export function absolutePath(root: Root, relative: string): string {
  if (relative === "." || relative === "") return root.path;
  return root.path.endsWith("/") ? root.path + relative : `${root.path}/${relative}`;
}
