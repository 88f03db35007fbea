import { closeSync, constants, fstatSync, fsyncSync, lstatSync, mkdirSync, openSync, type Stats } from "node:fs";
import { AuditError } from "../errors.ts";

const OTHERS_MAY_WRITE = 0o022;

/**
 * Creates the folder 0700, or accepts an existing one that only this user can change.
 *
 * @throws {AuditError} `insecure` for a link, another owner, or a folder that group or others may write to
 * @throws {AuditError} `unavailable` when it cannot be created
 */
export function secureFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AuditError("unavailable", `cannot create the audit folder ${dir}`, { cause: error });
  }
  const info = lstatSync(dir);
  if (!info.isDirectory()) throw new AuditError("insecure", `${dir} is a link or no folder`);
  refuseOthers(dir, info);
}

/** @throws {AuditError} `insecure` unless the file is a plain one that only this user can change */
export function refuseForeignFile(path: string, fd: number): Stats {
  const info = fstatSync(fd);
  if (!info.isFile()) throw new AuditError("insecure", `${path} is not a plain file`);
  refuseOthers(path, info);
  return info;
}

/** @throws {AuditError} `insecure` unless only this user can change it */
export function refuseOthers(path: string, info: Stats): void {
  const me = process.geteuid?.();
  if (me !== undefined && info.uid !== me) throw new AuditError("insecure", `${path} belongs to another user`);
  if ((info.mode & OTHERS_MAY_WRITE) !== 0) {
    throw new AuditError("insecure", `${path} can be changed by others; run: chmod go-w '${path}'`);
  }
}

/** A new file's name is durable only once its folder is synced. */
export function syncFolder(dir: string): void {
  const fd = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
