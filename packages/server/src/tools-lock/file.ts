import { hash, randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { realPathOf } from "../command-line/audit-dir.ts";
import { ConfigError } from "../errors/config-error.ts";
import { formatLock, type ToolsLock } from "./format.ts";
import { MAX_LOCK_BYTES, parseLock } from "./parse-lock.ts";
import { readReviewedFile } from "./reviewed-file.ts";

/** A lock, and which one it was. */
export interface ReadLock {
  readonly lock: ToolsLock;
  /** SHA-256 of the file, base64url. */
  readonly digest: string;
}

/**
 * Reads a lock, once: what is compared is what was read.
 *
 * @returns `undefined`: there is no such file
 * @throws {ConfigError} it cannot be read, others can have put it there, or it is not a lock
 */
export function readLock(file: string): ReadLock | undefined {
  const bytes = readReviewedFile(file, MAX_LOCK_BYTES);
  return bytes === undefined ? undefined : { lock: parseLock(bytes, file), digest: hash("sha256", bytes, "base64url") };
}

/**
 * Puts a lock in the place of another: readers see the old one or the new one, never a part.
 *
 * @throws {ConfigError} it cannot be written; what was there is still there
 */
export function writeLock(file: string, lock: ToolsLock): void {
  // A link in its place is replaced, not followed: it would have a lock written over whatever it leads to.
  const target = join(realPathOf(dirname(file)), basename(file));
  const next = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
  try {
    const fd = openSync(next, "wx", 0o644);
    try {
      // Under a umask of 077 the service, which is another user than who reviews, could not read it. It holds no secret.
      if (process.platform !== "win32") fchmodSync(fd, 0o644);
      writeFileSync(fd, formatLock(lock));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(next, target);
  } catch (error) {
    rmSync(next, { force: true });
    throw new ConfigError(`The tools lock ${file} cannot be written.`, { cause: error });
  }
}
