import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Reads a text file. @throws {Error} it cannot be read, is no plain file, or is larger than `maxBytes` */
export function readBounded(path: string, maxBytes: number): string {
  const file = openSync(path, "r");
  try {
    // The opened file is asked, not the path: what is measured is what is read.
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > maxBytes) throw new Error(`${path} is no file of at most ${maxBytes} bytes`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** Puts `text` in the place of a file, whole or not at all: a reader, and a machine that stops, see the old one or the new one. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: "wx", mode: 0o600, flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
