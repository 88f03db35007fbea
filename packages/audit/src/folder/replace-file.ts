import { randomBytes } from "node:crypto";
import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "./folder.ts";

/**
 * Puts a whole file in place of another, 0600: readers see the old one or the new one, never a part.
 *
 * @param durable whether it has to outlast a power cut; a hint need not
 * @param shared whether several processes may do so at once: then each goes by a name of its own
 */
export function replaceFile(path: string, content: string, { durable = false, shared = false } = {}): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const next = shared ? `${path}.${randomBytes(9).toString("base64url")}.new` : `${path}.new`;
  rmSync(next, { force: true });
  const fd = openSync(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    if (durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(next, path);
  if (durable) syncFolder(dirname(path));
}
