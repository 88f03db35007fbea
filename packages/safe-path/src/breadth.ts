import { realpathSync, statfsSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { belowRoot } from "./decide.ts";
import { PathError } from "./errors.ts";

// /proc and /sys: links there lead anywhere ("magic links"), and a write configures the machine.
const SYSTEM_TREES: ReadonlySet<number> = new Set([0x9fa0, 0x62656572]);

/**
 * Refuses a root that holds more than a project: `/`, a home directory or anything above one, /proc, /sys, and
 * directories into which every user may put links (a sticky bit does not stop that).
 *
 * @param path canonical path of the open root
 * @param openPath how to reach the open directory itself, not whatever has its name by now
 * @throws {PathError} `root_too_broad`
 */
export function refuseBroadRoot(path: string, openPath: string): void {
  const tooBroad = (why: string) => new PathError("root_too_broad", new Error(why));
  if (path === "/" || /^[a-z]:[\\/]?$/i.test(path)) throw tooBroad("the file system's top");
  for (const home of homes()) {
    if (belowRoot(path, home) !== undefined) throw tooBroad("a home directory, or a directory above it");
  }
  if (process.platform === "win32") return;
  if ((statSync(openPath).mode & 0o002) !== 0) throw tooBroad("world-writable");
  if (process.platform === "linux" && SYSTEM_TREES.has(statfsSync(openPath).type)) throw tooBroad("a system tree");
}

/** $HOME is the environment's word, the account's entry is the system's; either may be missing. */
function homes(): readonly string[] {
  const found = new Set<string>();
  for (const source of [homedir, () => userInfo().homedir]) {
    try {
      found.add(realpathSync.native(source()));
    } catch {
      // No such account or no such directory: nothing to protect under that name.
    }
  }
  return [...found];
}
