import { lstatSync, mkdirSync, realpathSync, type Stats } from "node:fs";
import { constants, enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

/**
 * Keeps compiled code on disk between starts, under `$XDG_CACHE_HOME/hardened-mcp` (or `~/.cache`): a seventh of a start's
 * time. Call it before the first heavy import.
 *
 * Who can write there can make this process run anything, and who can write above it can swap the folder after the check.
 * So the cache, its folder and the base must be ours alone, and nobody but us and root may rename anything above them. A
 * root process whose home is another user's (sudo) fails that too. A start without the cache is only slower.
 *
 * @returns whether the cache is in use
 */
export function keepCompiledCode(environment: NodeJS.ProcessEnv = process.env): boolean {
  try {
    const named = cacheHome(environment);
    // Links above the base are resolved once; from here on only the names that were checked are used.
    const parent = realpathSync.native(dirname(named));
    // Before anything is made: root must leave no folders in a home that is not its own.
    if (!isHeld(parent)) return false;
    const base = join(parent, basename(named));
    const own = join(base, "hardened-mcp");
    const folder = join(own, "compile-cache");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (![base, own, folder].every(isOurs)) return false;
    return enableCompileCache(folder).status === constants.compileCacheStatus.ENABLED;
  } catch {
    return false;
  }
}

/** The XDG specification has relative values ignored: they would mean another folder from each working directory. */
function cacheHome({ XDG_CACHE_HOME: xdg }: NodeJS.ProcessEnv): string {
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
}

/** A folder of this user's that nobody else may write to. Windows has neither owners nor modes to ask. */
function isOurs(folder: string): boolean {
  const info = lstatSync(folder);
  if (process.getuid === undefined) return info.isDirectory();
  return info.isDirectory() && info.uid === process.getuid() && !isWritableByOthers(info);
}

/** Nobody but us and root may replace `folder`, nor any folder above it. */
function isHeld(folder: string): boolean {
  if (process.getuid === undefined) return true;
  const info = lstatSync(folder);
  const isTrusted = info.uid === process.getuid() || info.uid === 0;
  // In a sticky folder, /tmp for one, only owners rename what they own.
  const isSticky = (info.mode & 0o1000) !== 0;
  if (!info.isDirectory() || !isTrusted || (isWritableByOthers(info) && !isSticky)) return false;
  const above = dirname(folder);
  return above === folder || isHeld(above);
}

function isWritableByOthers({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0;
}
