import { hash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { refuseForeignFile, syncFolder } from "../folder/folder.ts";
import { writeNew } from "../folder/write-new.ts";

const KEY_BYTES = 32;
const NAME = /^digest-(\d{1,16})\.key$/;
/** The one key of a log of the first version, which was used without end. */
const FIRST_VERSION = "digest.key";
const OVERWRITTEN = Buffer.alloc(KEY_BYTES);

/** A file that holds a digest key, by when it was made: milliseconds since 1970. */
export interface KeyFile {
  readonly path: string;
  readonly made: number;
}

/** Names a key without revealing it, so that a reader knows which digests compare. */
export function idOfKey(key: Buffer): string {
  return hash("sha256", key, "base64url").slice(0, 12);
}

/** The key files of a folder, oldest first. A key of the first version counts by the time its file was last written. */
export function listKeyFiles(dir: string): KeyFile[] {
  const files = readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (name === FIRST_VERSION) return { path, made: Math.floor(lstatSync(path).mtimeMs) };
    const made = NAME.exec(name)?.[1];
    return made === undefined ? [] : { path, made: Number(made) };
  });
  return files.sort((a, b) => a.made - b.made);
}

/**
 * The key in a file.
 *
 * @returns `undefined` for one that was overwritten already, by a run that was killed before it could delete the file
 * @throws {AuditError} `insecure`; `damaged` for what is no key
 */
export function readKey(path: string): Buffer | undefined {
  const fd = openKey(path, constants.O_RDONLY);
  try {
    const { size } = refuseForeignFile(path, fd);
    if (size !== KEY_BYTES) throw new AuditError("damaged", `${path} is not a key of ${KEY_BYTES} bytes; remove it`);
    const key = readFileSync(fd);
    return key.equals(OVERWRITTEN) ? undefined : key;
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes a key. It is made complete and then linked into place, so that a crash never leaves half a key. The caller holds
 * the writer lock, so that nobody else makes one at the same time.
 */
export function makeKey(dir: string, made: number): Buffer {
  const path = join(dir, `digest-${made}.key`);
  const temporary = join(dir, "digest.key.new");
  const key = randomBytes(KEY_BYTES);
  rmSync(temporary, { force: true });
  writeNew(temporary, key, true);
  linkSync(temporary, path);
  rmSync(temporary);
  syncFolder(dir);
  return key;
}

/** Gives a key of the first version the name of an epoch's. @returns whether it was one */
export function adoptKey(dir: string, file: KeyFile): boolean {
  const path = join(dir, `digest-${file.made}.key`);
  if (path === file.path) return false;
  renameSync(file.path, path);
  syncFolder(dir);
  return true;
}

/**
 * Overwrites a key, on disk, and deletes its file. In this order: a file that is only unlinked can be found on the disk
 * for a long time. On flash memory and on file systems that never write in place, older copies may outlive even that.
 *
 * @returns the key's id, or `""` where it was overwritten before
 */
export function destroyKey(dir: string, path: string): string {
  const fd = openKey(path, constants.O_RDWR);
  let id: string;
  try {
    refuseForeignFile(path, fd);
    const key = readFileSync(fd);
    id = key.equals(OVERWRITTEN) ? "" : idOfKey(key);
    // No more than a key takes: a large file is none of ours.
    writeSync(fd, OVERWRITTEN, 0, Math.min(fstatSync(fd).size, KEY_BYTES), 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  rmSync(path);
  syncFolder(dir);
  return id;
}

function openKey(path: string, mode: number): number {
  try {
    return openSync(path, mode | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw new AuditError("insecure", `cannot open ${path}`, { cause: error });
  }
}
