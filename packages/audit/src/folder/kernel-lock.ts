import { randomBytes, randomInt } from "node:crypto";
import { linkSync, lstatSync, rmSync, type Stats, utimesSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { AuditError } from "../errors.ts";
import { refuseOthers } from "./folder.ts";
import { writeNew } from "./write-new.ts";

/** A file that the kernel holds for this process. */
export interface HeldFile {
  /** @param options `remove`: takes the file along */
  release(options?: { readonly remove?: boolean }): void;
}

/** The file goes only with a folder that could not be used; nobody meets that 8 times in a row. */
const MAX_TRIES = 8;
const SQLITE_BUSY = 5;
/** Seconds since 1970 that every file system can note. */
const MAX_MARK = 2 ** 31 - 1;

/**
 * Has the kernel hold the empty file `path` for this process, until it lets go or ends in whatever way. The kernel knows of
 * no containers: who cannot see this process is refused all the same.
 *
 * Node cannot lock files, SQLite can: a write transaction on a database that is never written. The write lock, not the
 * exclusive one: of any number that ask at once, exactly one gets it.
 *
 * Nothing else may open the file: POSIX gives up a process's locks on a file when the process closes any descriptor of
 * it. SQLite knows that of its own descriptors.
 *
 * @returns undefined where another has it, also another part of this process
 * @throws {AuditError} `insecure`: not our file; `unavailable`: it cannot be made or locked
 */
export function holdFile(path: string): HeldFile | undefined {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const before = existing(path) ?? make(path);
    // What is opened may have been removed in between, and another made in its place. What was there before and is there
    // after was there all the time, so it is what was opened.
    const stayed = (): boolean => isSame(before, existing(path));
    try {
      const held = lock(path);
      if (stayed()) return held;
      held.release();
    } catch (error) {
      const code = sqliteCode(error);
      if (code === SQLITE_BUSY) return undefined;
      if (code === undefined) throw error;
      if (stayed()) throw new AuditError("unavailable", `cannot lock ${path}`, { cause: error });
    }
  }
  return undefined;
}

/** Looks without opening. */
function existing(path: string): Stats | undefined {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (info === undefined) return undefined;
  refuseOthers(path, info);
  // With content, SQLite would go by that: a file that says it is to be read only is not locked.
  if (!info.isFile() || info.size > 0) throw new AuditError("insecure", `${path} is not an empty file`);
  return info;
}

function make(path: string): Stats | undefined {
  // Under another name first, so that no descriptor of a file that may be locked already is closed here.
  const own = `${path}.${randomBytes(9).toString("base64url")}.new`;
  try {
    writeNew(own, "", false);
    // Tells it from another that is given the same number after it. The clock is too coarse for that.
    const mark = randomInt(MAX_MARK);
    utimesSync(own, mark, mark);
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new AuditError("unavailable", `cannot make ${path}`, { cause: error });
    }
  } finally {
    rmSync(own, { force: true });
  }
  return existing(path);
}

function lock(path: string): HeldFile {
  const url = pathToFileURL(path);
  // Never makes the file: it would be another one than was looked at.
  url.search = "mode=rw";
  const database = new DatabaseSync(url);
  try {
    // A file that can only be read is opened all the same, and its transaction holds nothing: the change shows that. It
    // stays in memory and is never committed.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE; PRAGMA user_version = 1");
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release({ remove = false } = {}) {
      try {
        // While it is still ours.
        if (remove) rmSync(path, { force: true });
      } catch {
        // Windows removes no file that is open. It stays, and is nobody's.
      }
      database.close();
    },
  };
}

function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  return one !== undefined && one.dev === other?.dev && one.ino === other.ino && one.mtimeMs === other.mtimeMs;
}

/** What kind of error it is, without the bits that say more; undefined: none of SQLite's. */
function sqliteCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}
