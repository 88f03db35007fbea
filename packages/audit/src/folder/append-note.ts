import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { refuseForeignFile, syncFolder } from "./folder.ts";
import { lastNote } from "./notes.ts";

const sync = promisify(fdatasync);

/**
 * Puts a note at the end of a file of notes, and on disk. What a crash left half-written there is cut off first: no half
 * note was ever relied on.
 *
 * @throws any error of the disk
 */
export async function appendNote(path: string, note: string): Promise<void> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const { size } = refuseForeignFile(path, fd);
    const end = lastNote(fd)?.end ?? 0;
    if (end < size) ftruncateSync(fd, end);
    const bytes = Buffer.from(`${note}\n`);
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(fd, bytes, done);
      if (written === 0) throw new Error("the disk takes no more bytes");
      done += written;
    }
    if (fstatSync(fd).size !== end + bytes.length) throw new Error(`${path} was changed by somebody else`);
    await sync(fd);
    if (size === 0) syncFolder(dirname(path));
  } finally {
    closeSync(fd);
  }
}
