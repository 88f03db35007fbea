import { closeSync, readSync } from "node:fs";
import { join } from "node:path";
import { auditDefaults } from "../../defaults.ts";
import { openPlain } from "../../folder/notes.ts";
import { checkLine } from "../../record/check-line.ts";
import type { Cursor } from "../cursor.ts";

/** Whether the record before a cursor's place is the one that was sent: right number, right hash, content as hashed. */
export function endsAt(dir: string, { segment, offset, next }: Cursor, hash: string): boolean {
  const fd = openPlain(join(dir, segment));
  if (fd === undefined) return false;
  try {
    // One more byte in front: the line feed before the line, or a spare one.
    const from = Math.max(0, offset - auditDefaults.maxRecordBytes - 2);
    const bytes = Buffer.alloc(1 + offset - from);
    if (readSync(fd, bytes, 1, offset - from, from) !== offset - from || bytes.at(-1) !== 0x0a) return false;
    const start = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1 || 1;
    const checked = checkLine(bytes, start, bytes.length - 1);
    return "record" in checked && checked.record.seq === next - 1 && checked.record.hash === hash;
  } finally {
    closeSync(fd);
  }
}
