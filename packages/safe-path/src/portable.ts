import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync, type Stats } from "node:fs";
import { join, sep } from "node:path";
import type { Backend, Located, RootDirectory } from "./backend.ts";
import { belowRoot } from "./decide.ts";
import { system } from "./errno.ts";
import { PathError } from "./errors.ts";

/**
 * macOS and Windows: the best that names allow. What is opened is compared with what was looked up, before and after,
 * so a swap is noticed unless it is undone in between; on macOS O_NOFOLLOW_ANY closes that gap for opens. Create,
 * rename and remove act by path and keep a gap. See "What it does not" in the README.
 *
 * @param openFlags added to every open
 */
export function portable(openFlags: number): Backend {
  // Undefined on Windows, where no FIFO can block an open.
  const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | openFlags;

  /** `path` must be free of links. */
  function openChecked(path: string): Located {
    const before = system(() => lstatSync(path));
    if (before.isSymbolicLink()) throw new PathError("link");
    // Opening these by name has effects; an identity without opening exists on Linux only.
    if (!before.isFile() && !before.isDirectory()) throw new PathError("special_file");
    const fd = system(() => openSync(path, readFlags));
    try {
      const stat = system(() => fstatSync(fd));
      if (!sameObject(before, stat) || system(() => realpathSync.native(path)) !== path) throw new PathError("link");
      return { fd, stat, answer: toPosix(path), followed: true };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  return {
    openRoot(path) {
      try {
        const canonical = realpathSync.native(path);
        const { fd, stat } = openChecked(canonical);
        if (stat.isDirectory()) return { fd, path: toPosix(canonical) };
        closeSync(fd);
      } catch (error) {
        throw new PathError("root_not_found", error);
      }
      throw new PathError("root_not_found");
    },

    confirmRoot(root) {
      const now = lstatSync(root.path, { throwIfNoEntry: false });
      if (now === undefined || !sameObject(now, fstatSync(root.fd))) throw new PathError("root_moved");
    },

    locate(root, relative, links) {
      const asked = join(root.path, relative);
      const real = resolve(root, asked);
      // On a case-insensitive disk the real spelling differs although no link is there; then the walk below decides.
      if (links === "refuse") refuseLinks(root, relative);
      return openChecked(real);
    },

    locateChild(parent, name) {
      return openChecked(realName(join(parent.answer, name)));
    },

    entryPath(parent, name) {
      return join(parent.answer, name);
    },

    directoryPath(directory) {
      return directory.answer;
    },

    reopenForReading(located) {
      return located.fd;
    },

    mountOf(fd) {
      return String(system(() => fstatSync(fd, { bigint: true })).dev);
    },

    // Mount namespaces are Linux's.
    isOwnMount: () => true,
  };
}

function resolve(root: RootDirectory, asked: string): string {
  const real = system(() => realpathSync.native(asked));
  if (belowRoot(root.path, toPosix(real)) === undefined) throw new PathError("outside_root");
  return real;
}

/** The spelling on disk; a link stays as it is, for openChecked to refuse. */
function realName(path: string): string {
  return system(() => lstatSync(path)).isSymbolicLink() ? path : system(() => realpathSync.native(path));
}

function refuseLinks(root: RootDirectory, relative: string): void {
  let path = root.path;
  for (const name of relative.split("/")) {
    path = join(path, name);
    if (system(() => lstatSync(path)).isSymbolicLink()) throw new PathError("link");
  }
}

function sameObject(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

function toPosix(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
