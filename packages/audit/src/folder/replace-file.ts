import { randomBytes } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "./folder.ts";
import { writeNew } from "./write-new.ts";

/**
 * Puts a whole file in place of another, 0600: readers see the old one or the new one, never a part.
 *
 * @param durable whether it has to outlast a power cut; a hint need not
 * @param shared whether several processes may do so at once: then each goes by a name of its own
 */
export function replaceFile(path: string, content: string, { durable = false, shared = false } = {}): void {
  const next = shared ? `${path}.${randomBytes(9).toString("base64url")}.new` : `${path}.new`;
  rmSync(next, { force: true });
  writeNew(next, content, durable);
  renameSync(next, path);
  if (durable) syncFolder(dirname(path));
}
