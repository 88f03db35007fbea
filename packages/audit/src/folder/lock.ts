import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { AuditError } from "../errors.ts";
import { formatHolder, type Holder, isAlive, parseHolder, thisProcess } from "./holder.ts";

/** A held lock. */
export interface Lock {
  /** Whether the lock file is still ours: a fence against a second writer that could not see us (other container). */
  held(): boolean;
  release(): void;
}

/** A taker that died while taking over leaves a claim, which is taken over the same way; nobody dies 8 times in a row. */
const MAX_CLAIMS = 8;

/**
 * Takes the lock at `path`, or refuses.
 *
 * The lock is written complete and then linked into place, which only one process can do. A dead holder's lock is
 * replaced only by whoever first takes the claim on that very holder, so of two takers one wins, and nobody removes a
 * lock that was taken a moment ago.
 *
 * @throws {AuditError} `locked`
 */
export function takeLock(path: string): Lock {
  // The common refusal first, before anything is written: a start may have to pass many taken slots.
  const current = readHolder(path)?.holder;
  if (current && isAlive(current)) throw lockedBy(path, current);
  const me = thisProcess();
  const own = `${path}.${me.pid}-${me.nonce}`;
  writeFileSync(own, formatHolder(me), { flag: "wx", mode: 0o600 });
  // The inode's number alone may be given to the next file of that name.
  const { ino, mtimeMs } = statSync(own);
  try {
    take(own, path, 0);
  } finally {
    rmSync(own, { force: true });
  }
  const held = (): boolean => {
    const now = statSync(path, { throwIfNoEntry: false });
    return now?.ino === ino && now.mtimeMs === mtimeMs;
  };
  return {
    held,
    release() {
      if (held()) rmSync(path, { force: true });
    },
  };
}

function take(own: string, path: string, claims: number): void {
  if (linked(own, path)) return;
  if (claims >= MAX_CLAIMS) throw new AuditError("locked", `${path}: could not be taken over`);
  const found = readHolder(path);
  if (found === undefined) {
    take(own, path, claims + 1);
    return;
  }
  if (found.holder && isAlive(found.holder)) throw lockedBy(path, found.holder);
  const claim = `${path}.${found.id}`;
  take(own, claim, claims + 1);
  try {
    if (readHolder(path)?.id !== found.id) throw new AuditError("locked", `${path}: another process was faster`);
    replace(own, path);
  } finally {
    rmSync(claim, { force: true });
  }
}

function lockedBy(path: string, holder: Holder): AuditError {
  return new AuditError("locked", `${path}: another process (pid ${holder.pid}) writes this log`);
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new AuditError("unavailable", `cannot write ${path}`, { cause: error });
  }
}

/** Atomic. Goes through one more name, because `own` is still needed when it was a claim that was replaced. */
function replace(own: string, path: string): void {
  const next = `${own}.next`;
  linkSync(own, next);
  renameSync(next, path);
}

/** `id` names the lock's content; undefined when the lock is gone. */
function readHolder(path: string): { holder: Holder | undefined; id: string } | undefined {
  try {
    const holder = parseHolder(readFileSync(path, "utf8"));
    return { holder, id: holder?.nonce ?? "unreadable" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AuditError("insecure", `cannot read ${path}`, { cause: error });
  }
}
