import { lstatSync, mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Keeps compiled code on disk between starts, under `$XDG_CACHE_HOME/hardened-mcp` (or `~/.cache`): a seventh of a start's
 * time. Call it before the first heavy import.
 *
 * Who can write there can make this process run anything, so a folder that is a link, belongs to another user, or that
 * others may write to is not used; neither is one that cannot be made. A start without the cache is only slower.
 */
export function keepCompiledCode(environment: NodeJS.ProcessEnv = process.env): boolean {
  const base = environment["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const own = join(base, "hardened-mcp");
  const folder = join(own, "compile-cache");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOurs(own) || !isOurs(folder)) return false;
    enableCompileCache(folder);
    return true;
  } catch {
    return false;
  }
}

function isOurs(folder: string): boolean {
  const info = lstatSync(folder);
  if (process.getuid === undefined) return info.isDirectory();
  return info.isDirectory() && info.uid === process.getuid() && (info.mode & 0o022) === 0;
}
