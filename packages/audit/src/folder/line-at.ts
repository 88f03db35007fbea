import { readSync } from "node:fs";
import { auditDefaults } from "../defaults.ts";

const LF = 0x0a;
const STEP = 4096;

/** The line that begins at byte `from`, without its line feed; undefined where it has none. Latin-1: records are ASCII. */
export function lineAt(fd: number, from: number): string | undefined {
  let text = "";
  const buffer = Buffer.alloc(STEP);
  while (text.length <= auditDefaults.maxLineBytes) {
    const read = readSync(fd, buffer, 0, STEP, from + text.length);
    const end = buffer.subarray(0, read).indexOf(LF);
    if (end !== -1) return text + buffer.toString("latin1", 0, end);
    text += buffer.toString("latin1", 0, read);
    if (read === 0) break;
  }
  return undefined;
}

/** Whether a line begins at byte `from`. */
export function isLineStart(fd: number, from: number): boolean {
  if (from === 0) return true;
  const byte = Buffer.alloc(1);
  return readSync(fd, byte, 0, 1, from - 1) === 1 && byte[0] === LF;
}
