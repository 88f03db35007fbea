import { closeSync } from "node:fs";
import type { Located } from "./backend.ts";
import type { RootContext } from "./context.ts";
import { PathError } from "./errors.ts";
import { checkMount } from "./mounts.ts";
import { acceptedPath, type SafePath } from "./parse.ts";

/** Something whose place inside the root has been decided. */
export interface Admitted {
  readonly located: Located;
  readonly path: SafePath;
}

/**
 * Opens what `path` names and admits it if the operating system's answer lies inside the root.
 *
 * @throws {PathError} as for `admit`, and `not_found`, `link`, `not_a_directory`, `permission`
 */
export function locate(root: RootContext, path: SafePath): Admitted {
  return admit(root, root.backend.locate(root.directory, path, root.options.links));
}

/**
 * Decides on the operating system's answer, never on the client's spelling. Closes the descriptor when it refuses.
 *
 * @throws {PathError} `outside_root`, `root_moved`, `other_mount`, and what `checkNames` throws
 */
export function admit(root: RootContext, located: Located): Admitted {
  try {
    const relative = belowRoot(root.directory.path, located.answer);
    if (relative === undefined) throw new PathError("outside_root");
    // A walk without links starts at the root's own descriptor: moved or not, it cannot have left it. Links can lead to
    // whatever now stands where the root was.
    if (located.followed) root.backend.confirmRoot(root.directory);
    const path = acceptedPath(relative, root.rules);
    checkMount(root, located);
    return { located, path };
  } catch (error) {
    closeSync(located.fd);
    throw error;
  }
}

/** The part of `answer` below `rootPath`, "" for the root itself; the separator keeps out `/data-evil` (CVE-2025-53110). */
export function belowRoot(rootPath: string, answer: string): string | undefined {
  if (answer === rootPath) return "";
  const prefix = rootPath === "/" ? "/" : `${rootPath}/`;
  return answer.startsWith(prefix) ? answer.slice(prefix.length) : undefined;
}
