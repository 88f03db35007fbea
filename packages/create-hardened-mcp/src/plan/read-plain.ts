import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/**
 * The bytes of a regular file, read through one descriptor: a link is not followed, a pipe not waited for, and what grows while it is
 * read is not read for ever.
 *
 * @returns why not, in words that follow the file's name
 */
export function readPlain(path: string, maxBytes: number): Buffer | string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return "is no file";
    if (stats.size > maxBytes) return `has more than ${maxBytes} bytes`;
    const bytes = Buffer.alloc(stats.size);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, length);
    return bytes.subarray(0, length);
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    return code === "ELOOP" ? "is a symbolic link" : `cannot be read (${code})`;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
