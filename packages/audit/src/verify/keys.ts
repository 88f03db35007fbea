import { closeSync, readSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AuditError } from "../errors.ts";
import { openPlain } from "../folder/notes.ts";
import { parseVerifierKey, type VerifierKey } from "../note/verifier-key.ts";
import { verifyDefaults } from "./verify-defaults.ts";

/**
 * Public keys, one `NAME+ID+KEY` a line, as `signing.pub` has them. Empty lines do not count; there are no comments.
 *
 * @throws {AuditError} `invalid`: a line is no key, or there is none
 */
export function parseVerifierKeys(text: string): VerifierKey[] {
  const lines = new Set(text.split("\n").map((line) => line.trimEnd()));
  lines.delete("");
  if (lines.size === 0) throw new AuditError("invalid", "there is no public key");
  return [...lines].map(parseVerifierKey);
}

/** What a folder says its keys are. Whoever may write there could have replaced them. */
export interface FolderKeys {
  readonly keys: readonly VerifierKey[];
  /** What is wrong with the file, in plain words. */
  readonly problem: string | undefined;
}

const FILE = "signing.pub";

/** The keys of `signing.pub`; those of the shared folder for a sub-log without any of its own. */
export function folderKeys(dir: string): FolderKeys {
  try {
    const own = readText(join(dir, FILE));
    const text = own ?? (isSlot(dir) ? readText(join(dirname(resolve(dir)), FILE)) : undefined);
    return { keys: text === undefined ? [] : parseVerifierKeys(text), problem: undefined };
  } catch (error) {
    const why = error instanceof AuditError ? "was changed: it holds what is no public key" : "cannot be read";
    return { keys: [], problem: `${FILE} ${why}` };
  }
}

function isSlot(dir: string): boolean {
  return /^(0|[1-9]\d?)$/.test(basename(resolve(dir)));
}

function readText(path: string): string | undefined {
  const fd = openPlain(path);
  if (fd === undefined) return undefined;
  try {
    const bytes = Buffer.alloc(verifyDefaults.maxKeysBytes + 1);
    const read = readSync(fd, bytes, 0, bytes.length, 0);
    if (read === bytes.length) throw new AuditError("invalid", "the list of keys is too long");
    return bytes.toString("latin1", 0, read);
  } finally {
    closeSync(fd);
  }
}
