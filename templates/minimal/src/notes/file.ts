import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Reads a text file that is not larger than `maxBytes`.
 *
 * @throws {Error} it cannot be read, is no plain file, or is larger
 */
export function readBounded(path: string, maxBytes: number): string {
  const file = openSync(path, "r");
  try {
    // The opened file is asked, not the path: what is measured is what is read.
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > maxBytes)
      throw new Error(`${path} is no plain file of at most ${maxBytes} bytes`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** Puts `text` in the place of a file, whole or not at all: a reader, and a machine that stops, see the old one or the new one. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
