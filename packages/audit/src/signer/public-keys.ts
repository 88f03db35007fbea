import { closeSync, readFileSync } from "node:fs";
import { AuditError } from "../errors.ts";
import { openPlain } from "../folder/notes.ts";
import { replaceFile } from "../folder/replace-file.ts";
import { parseVerifierKey, type VerifierKey } from "../note/verifier-key.ts";

/** Keys of one folder over its life. */
const MAX_KEYS = 1000;

/**
 * The public keys of a folder, oldest first. They say who may have signed, to whoever trusts the folder; an auditor brings
 * keys of their own.
 *
 * @throws {AuditError} `damaged`: a line is no key
 */
export function readPublicKeys(path: string): VerifierKey[] {
  const fd = openPlain(path);
  if (fd === undefined) return [];
  try {
    const lines = readFileSync(fd, "utf8").split("\n").filter(Boolean);
    if (lines.length > MAX_KEYS) throw new AuditError("damaged", `${path} has more than ${MAX_KEYS} keys`);
    return lines.map(parseVerifierKey);
  } catch (error) {
    throw new AuditError("damaged", `${path} is not a list of public keys`, { cause: error });
  } finally {
    closeSync(fd);
  }
}

/** Makes `key` the last of the list. */
export function publishKey(path: string, key: string): void {
  const known = readPublicKeys(path).map(({ text }) => text);
  if (known.at(-1) === key) return;
  replaceFile(path, [...known.filter((one) => one !== key), key].map((one) => `${one}\n`).join(""), {
    durable: true,
    shared: true,
  });
}
