import type { DenyList } from "./deny.ts";
import { PathError } from "./errors.ts";
import { hasWindowsHazard } from "./windows-names.ts";

/** What a root accepts as a path inside it. */
export interface NameRules {
  readonly deny: DenyList;
  readonly maxDepth: number;
  readonly windowsNames: boolean;
}

const MAX_NAME_BYTES = 255;

/**
 * Refuses names that this root never opens. Applied to what the client sent and, again, to the kernel's answer: a link
 * `notes -> .ssh/id_rsa` passes the first time and must not pass the second.
 *
 * @throws {PathError} `invalid_name`, `outside_root` (for `..`), `too_long`, `too_deep`, `denied_name`
 */
export function checkNames(segments: readonly string[], rules: NameRules): void {
  if (segments.length > rules.maxDepth) throw new PathError("too_deep");
  for (const name of segments) checkName(name, rules.windowsNames);
  if (rules.deny.denies(segments)) throw new PathError("denied_name");
}

/**
 * Which names of one directory `checkNames` would accept: the same rules, with all that depends on the directory done once.
 *
 * @param directory names of the directory's path, which has been accepted
 */
export function entryFilter(directory: readonly string[], rules: NameRules): (name: string) => boolean {
  if (directory.length >= rules.maxDepth) return () => false;
  const denies = rules.deny.below(directory);
  return (name) => isName(name, rules.windowsNames) && !denies(name);
}

function isName(name: string, windowsNames: boolean): boolean {
  // Almost every name on a real disk, and nothing that `checkName` refuses.
  if (!windowsNames && name.length <= MAX_NAME_BYTES && /^[\w-][\w.-]*$/.test(name)) return true;
  try {
    checkName(name, windowsNames);
    return true;
  } catch (error) {
    if (error instanceof PathError) return false;
    throw error;
  }
}

/** One name, without the deny list; see `checkNames`. */
export function checkName(name: string, windowsNames: boolean): void {
  if (name === "..") throw new PathError("outside_root");
  if (name === "" || name === "." || name.includes("/")) throw new PathError("invalid_name");
  if (/[^\x20-\x7e]/.test(name)) checkUnusual(name);
  else if (name.length > MAX_NAME_BYTES) throw new PathError("too_long");
  // Linux marks a file unlinked while open with this suffix. A foreign file hard-linked into the root, opened and then
  // unlinked has one link left, so only this mark tells it apart: no real name may carry it. Linux-only loss, kept
  // everywhere so that a path means the same on each platform.
  if (name.endsWith(" (deleted)")) throw new PathError("invalid_name");
  if (windowsNames && hasWindowsHazard(name)) throw new PathError("invalid_name");
}

function checkUnusual(name: string): void {
  // NUL ends a C string early; the other controls forge log lines and terminal output.
  if (/[\x00-\x1f\x7f]/.test(name)) throw new PathError("invalid_name");
  // A lone surrogate is written to disk as U+FFFD, and bytes that are not UTF-8 are read back as U+FFFD: either way
  // what was checked would not be what is opened.
  if (!name.isWellFormed() || name.includes("\ufffd")) throw new PathError("invalid_name");
  // Two spellings of one visible name: only one of them may exist for a client.
  if (name !== name.normalize("NFC")) throw new PathError("invalid_name");
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new PathError("too_long");
}
