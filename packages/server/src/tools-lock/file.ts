import { hash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { realPathOf } from "../command-line/audit-dir.ts";
import { ConfigError } from "../errors/config-error.ts";
import { formatLock, type ToolsLock } from "./format.ts";
import { MAX_LOCK_BYTES, parseLock } from "./parse-lock.ts";

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
 * @throws {ConfigError} it cannot be read, is no plain file, everybody can write it, or it is not a lock
 */
export function readLock(file: string): ReadLock | undefined {
  const bytes = readPlainFile(file);
  return bytes === undefined ? undefined : { lock: parseLock(bytes, file), digest: hash("sha256", bytes, "base64url") };
}

function readPlainFile(file: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    // A pipe would have the start wait for whoever writes to it.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new ConfigError(`The tools lock ${file} is no plain file.`);
    // It says what was reviewed: whoever can write it can review their own.
    if (process.platform !== "win32" && (stats.mode & 0o002) !== 0) {
      throw new ConfigError(
        `The tools lock ${file} can be written by everybody. Take that right away, and look at what it says: chmod o-w ${file}`,
      );
    }
    if (stats.size > MAX_LOCK_BYTES)
      throw new ConfigError(`The tools lock ${file} is larger than ${MAX_LOCK_BYTES} bytes.`);
    return readFileSync(fd);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ConfigError(`The tools lock ${file} cannot be read.`, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Puts a lock in place of another: readers see the old one or the new one, never a part.
 *
 * @throws {ConfigError} it cannot be written; what was there is still there
 */
export function writeLock(file: string, lock: ToolsLock): void {
  const target = realPathOf(file);
  const next = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
  try {
    const fd = openSync(next, "wx", 0o644);
    try {
      // Whatever the umask: a lock that everybody can write is none.
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
