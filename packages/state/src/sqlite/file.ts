import { closeSync, constants, lstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { StateError } from "../state-error.ts";

/**
 * Makes the database file, or checks the one that is there. SQLite gives the files beside it the same mode.
 *
 * A folder where others may write is refused: they would put a file of their own, or a link, in its place.
 *
 * @throws {StateError} `invalid`: the folder or the file is open to others, or not a file
 */
export function prepareFile(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const around = lstatSync(folder);
  if (!around.isDirectory()) throw refuse("The folder of the SQLite store is not a folder, or is a link.");
  if (!ownedByUs(around.uid) || (around.mode & 0o022) !== 0) {
    throw refuse("Others may write to the folder of the SQLite store. Give it to this user with mode 0700.");
  }
  try {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW;
    closeSync(openSync(path, flags, 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const file = lstatSync(path);
    if (!file.isFile()) throw refuse("The SQLite store is not a regular file.");
    if (!ownedByUs(file.uid) || (file.mode & 0o077) !== 0) {
      throw refuse("Others may read or write the file of the SQLite store. Give it to this user with mode 0600.");
    }
  }
}

function ownedByUs(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

function refuse(message: string): StateError {
  return new StateError("invalid", message);
}
