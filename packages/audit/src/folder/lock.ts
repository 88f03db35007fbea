import { readFileSync, rmSync, statSync } from "node:fs";
import { AuditError } from "../errors.ts";
import { formatHolder, type Holder, isAlive, isThisProcess, parseHolder, thisProcess } from "./holder.ts";
import { type HeldFile, holdFile } from "./kernel-lock.ts";
import { replaceFile } from "./replace-file.ts";

/** A held lock. */
export interface Lock {
  /** Whether the file still names us: a fence against a second writer, where the file system's locks do not reach it. */
  held(): boolean;
  /** @param options `remove`: leaves nothing behind, for a folder that goes as well */
  release(options?: { readonly remove?: boolean }): void;
}

/**
 * Takes the lock at `path`, or refuses.
 *
 * The kernel decides, by the file `path.db`. `path` itself says who holds it: for people, for a version of ours from before
 * `path.db`, and for file systems whose locks do nothing.
 *
 * @throws {AuditError} `locked`, `insecure`, `unavailable`
 */
export function takeLock(path: string): Lock {
  // The common refusal first, before anything is written: a start may have to pass many taken slots.
  refuseVisible(path);
  const file = holdFile(`${path}.db`);
  if (file === undefined) throw lockedBy(path, readHolder(path));
  try {
    refuseVisible(path);
    return heldLock(path, file);
  } catch (error) {
    file.release();
    throw error;
  }
}

/** Not where it is this process: the kernel's lock tells its threads apart, and one that was ended leaves its name behind. */
function refuseVisible(path: string): void {
  const holder = readHolder(path);
  if (holder && !isThisProcess(holder) && isAlive(holder)) throw lockedBy(path, holder);
}

function heldLock(path: string, file: HeldFile): Lock {
  try {
    replaceFile(path, formatHolder(thisProcess()));
  } catch (error) {
    throw new AuditError("unavailable", `cannot write ${path}`, { cause: error });
  }
  // The inode's number alone may be given to the next file of that name.
  const { ino, mtimeMs } = statSync(path);
  const held = (): boolean => {
    const now = statSync(path, { throwIfNoEntry: false });
    return now?.ino === ino && now.mtimeMs === mtimeMs;
  };
  return {
    held,
    release(options) {
      if (held()) rmSync(path, { force: true });
      file.release(options);
    },
  };
}

function lockedBy(path: string, holder: Holder | undefined): AuditError {
  return new AuditError("locked", `${path}: another process${holder ? ` (${nameOf(holder)})` : ""} writes this log`);
}

function nameOf(holder: Holder): string {
  const elsewhere = isAlive(holder) ? "" : " of another container or machine";
  return `pid ${holder.pid}${elsewhere}`;
}

/** undefined when nobody is named, as after a power cut. */
function readHolder(path: string): Holder | undefined {
  try {
    return parseHolder(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AuditError("insecure", `cannot read ${path}`, { cause: error });
  }
}
