import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { AuditError } from "../errors.ts";
import { refuseForeignFile } from "../folder/folder.ts";

const OTHERS_MAY_READ = 0o077;
const MAX_BYTES = 64 * 1024;

/**
 * Reads a file that only its owner may read.
 *
 * @returns undefined when there is none
 * @throws {AuditError} `insecure` for a link, another owner, or a file that others may read
 */
export function readPrivateFile(path: string): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AuditError("insecure", `cannot open ${path}`, { cause: error });
  }
  try {
    const { mode, size } = refuseForeignFile(path, fd);
    if ((mode & OTHERS_MAY_READ) !== 0) {
      throw new AuditError("insecure", `${path} can be read by others; run: chmod 600 '${path}'`);
    }
    if (size > MAX_BYTES) throw new AuditError("invalid", `${path} is too large for a key`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
