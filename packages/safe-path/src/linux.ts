import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, statfsSync } from "node:fs";
import type { Backend, Located } from "./backend.ts";
import { errnoOf, system, toPathError } from "./errno.ts";
import { PathError } from "./errors.ts";
import { splitPath } from "./parse.ts";

// Not in fs.constants. The value is the same on every architecture that Node builds for on Linux.
const O_PATH = 0o10000000;
const PROC_SUPER_MAGIC = 0x9fa0;
/**
 * Up to this depth a walk without links is tried first: it costs one open a name, about 5 us, where asking for the mount of
 * what a followed link may have led to costs 10 us. Deeper, the kernel's own walk and the question are cheaper.
 */
const MAX_WALK_FIRST = 3;

/**
 * Linux: the kernel is asked, not the string.
 *
 * O_PATH opens an identity without touching the object, so a FIFO cannot block and a device is not triggered. Then
 * /proc/self/fd/N says what was opened, and reopening through it reaches that same inode whatever happens to the name.
 */
export const linux: Backend = {
  openRoot(path) {
    requireProc();
    const fd = openRootFd(path);
    return closingOnError(fd, () => ({ fd, path: readlinkSync(fdPath(fd)) }));
  },

  confirmRoot(root) {
    // Someone who can rename the root can put a directory of theirs where it was, and absolute links would lead there.
    if (system(() => readlinkSync(fdPath(root.fd))) !== root.path) throw new PathError("root_moved");
  },

  locate(root, relative, links) {
    if (links === "refuse") return walk(root.fd, relative);
    if (isShallow(relative)) {
      try {
        return walk(root.fd, relative);
      } catch (error) {
        if (!isLinkError(error)) throw error;
      }
    }
    try {
      return describe(openSync(`${fdPath(root.fd)}/${relative}`, O_PATH), true);
    } catch (error) {
      // A link to an outside path must answer alike whether that path exists or not, or it is an oracle.
      if (goesThroughLink(root.fd, relative)) throw new PathError("outside_root", error);
      throw toPathError(error);
    }
  },

  locateChild(parent, name) {
    return refuseLink(describe(openNoFollow(parent.fd, name, 0), false));
  },

  entryPath(parent, name) {
    return `${fdPath(parent.fd)}/${name}`;
  },

  directoryPath(directory) {
    return fdPath(directory.fd);
  },

  reopenForReading(located) {
    try {
      return system(() => openSync(fdPath(located.fd), constants.O_RDONLY | constants.O_NONBLOCK));
    } finally {
      closeSync(located.fd);
    }
  },

  mountOf(fd) {
    // The mount, not st_dev: a bind mount of the same file system has the same st_dev, and overlayfs has several.
    return /^mnt_id:\s*(\d+)$/m.exec(system(() => readFileSync(`/proc/self/fdinfo/${fd}`, "utf8")))?.[1];
  },

  isOwnMount(mount) {
    return system(() => readFileSync("/proc/self/mountinfo", "utf8"))
      .split("\n")
      .some((line) => line.startsWith(`${mount} `));
  },
};

function fdPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/**
 * fstat first, readlink second. A foreign file hard-linked into the root and unlinked after our open has nlink 1 again;
 * but then the later readlink ends in " (deleted)", which no accepted name does. So: nlink 1 in the first and no mark in
 * the second means that the one name the file had was inside the root.
 */
function describe(fd: number, followed: boolean): Located {
  return closingOnError(fd, () => ({ fd, stat: fstatSync(fd), answer: readlinkSync(fdPath(fd)), followed }));
}

/** With O_PATH, O_NOFOLLOW does not fail on a last name that is a link: it opens the link. */
function refuseLink(located: Located): Located {
  if (!located.stat.isSymbolicLink()) return located;
  closeSync(located.fd);
  throw new PathError("link");
}

function isShallow(relative: string): boolean {
  let slash = -1;
  for (let depth = 1; depth <= MAX_WALK_FIRST; depth++) {
    slash = relative.indexOf("/", slash + 1);
    if (slash < 0) return true;
  }
  return false;
}

function isLinkError(error: unknown): boolean {
  return error instanceof PathError && error.code === "link";
}

/** Opens each name relative to its parent's descriptor, so that no name is ever resolved twice. */
function walk(rootFd: number, relative: string): Located {
  let parent = rootFd;
  try {
    const names = splitPath(relative);
    if (names.length === 0)
      return describe(
        system(() => openSync(`${fdPath(rootFd)}/.`, O_PATH)),
        false,
      );
    for (const [index, name] of names.entries()) {
      const last = index === names.length - 1;
      const fd = openNoFollow(parent, name, last ? 0 : constants.O_DIRECTORY);
      if (last) return refuseLink(describe(fd, false));
      if (parent !== rootFd) closeSync(parent);
      parent = fd;
    }
    throw new PathError("invalid_name");
  } finally {
    if (parent !== rootFd) closeSync(parent);
  }
}

function openNoFollow(parent: number, name: string, extra: number): number {
  const path = `${fdPath(parent)}/${name}`;
  try {
    return openSync(path, O_PATH | constants.O_NOFOLLOW | extra);
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR" && isLink(path)) throw new PathError("link", error);
    throw toPathError(error);
  }
}

function isLink(path: string): boolean {
  return system(() => lstatSync(path, { throwIfNoEntry: false }))?.isSymbolicLink() === true;
}

/** Only on the way to an error, so its cost does not matter. */
function goesThroughLink(rootFd: number, relative: string): boolean {
  try {
    closeSync(walk(rootFd, relative).fd);
    return false;
  } catch (error) {
    return isLinkError(error);
  }
}

function openRootFd(path: string): number {
  try {
    return openSync(path, O_PATH | constants.O_DIRECTORY);
  } catch (error) {
    throw new PathError("root_not_found", error);
  }
}

function requireProc(): void {
  let type: number;
  try {
    type = statfsSync("/proc/self/fd").type;
  } catch (error) {
    throw new PathError("unsupported", error);
  }
  // A directory that merely looks like /proc could answer anything.
  if (type !== PROC_SUPER_MAGIC) throw new PathError("unsupported");
}

function closingOnError<T>(fd: number, use: () => T): T {
  try {
    return use();
  } catch (error) {
    closeSync(fd);
    throw toPathError(error);
  }
}
