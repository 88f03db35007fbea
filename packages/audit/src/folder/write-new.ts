import { closeSync, constants, fsyncSync, openSync, writeSync } from "node:fs";

/**
 * Makes a file, 0600, that must not be there yet, never through a link.
 *
 * @param durable whether its content is on disk when this returns; its name is so only once its folder is synced
 */
export function writeNew(path: string, content: string | Buffer, durable: boolean): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    if (durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
