import { fstatSync, readSync } from "node:fs";
import { auditDefaults } from "../defaults.ts";
import { AuditError } from "../errors.ts";
import { checkLine, isTornTail, type ReadRecord } from "../record/check-line.ts";
import { openIntents } from "./intents.ts";

/** Where a log stands. */
export interface Tail {
  /** The newest complete record; undefined in an empty file. */
  readonly last: ReadRecord | undefined;
  /** Size of the complete records in bytes. */
  readonly size: number;
  /** Bytes after it, left by a crash. */
  readonly tornBytes: number;
  /** Intents without outcome since the last start, as far as the checked part shows. */
  readonly unfinished: number;
}

const LF = 0x0a;

/**
 * Reads the end of a segment and checks the chain of its last 64 KiB. The whole log is for `audit verify`: at 6 us
 * a record, checking a gigabyte would keep a server from starting for 10 seconds.
 *
 * @throws {AuditError} `damaged`
 */
export function readTail(fd: number, path: string): Tail {
  const fileSize = fstatSync(fd).size;
  const size = lastLineEnd(fd, fileSize);
  if (fileSize - size > auditDefaults.maxLineBytes) throw damaged(path, "the end is longer than any record");
  if (!isTornTail(readRange(fd, size, fileSize))) throw damaged(path, "bytes follow the last record");
  const from = Math.max(0, size - auditDefaults.startCheckBytes);
  const window = readRange(fd, from, size);
  // A window in the middle of a file starts in the middle of a line: skip to the next one.
  let start = from === 0 ? 1 : window.indexOf(LF, 1) + 1;
  const open = openIntents();
  let last: ReadRecord | undefined;
  while (start < window.length) {
    const end = window.indexOf(LF, start);
    const line = checkLine(window, start, end);
    if ("reason" in line) throw damaged(path, line.reason);
    const { record } = line;
    if (last && (record.prev !== last.hash || record.seq !== last.seq + 1 || record.log !== last.log)) {
      throw damaged(path, `record ${record.seq} does not follow record ${last.seq}`);
    }
    if (record.type === "log.opened") open.clear();
    open.see(record);
    last = record;
    start = end + 1;
  }
  if (size > 0 && !last) throw damaged(path, "a line is longer than any record");
  return { last, size, tornBytes: fileSize - size, unfinished: open.count() };
}

function damaged(path: string, reason: string): AuditError {
  return new AuditError(
    "damaged",
    `${path}: ${reason}. Run "hardened-mcp audit verify" on its folder, keep the folder as evidence, and start with a new one`,
  );
}

/** Position after the last line feed; searched backwards, no further than a record can reach. */
function lastLineEnd(fd: number, fileSize: number): number {
  const step = 64 * 1024;
  const furthest = fileSize - auditDefaults.maxLineBytes - step;
  for (let end = fileSize; end > Math.max(0, furthest); end = Math.max(0, end - step)) {
    const from = Math.max(0, end - step);
    const at = readRange(fd, from, end).lastIndexOf(LF);
    if (at > 0) return from + at;
  }
  return 0;
}

/** Bytes `[from, to)` of a file, behind one spare byte. */
function readRange(fd: number, from: number, to: number): Buffer {
  const buffer = Buffer.alloc(to - from + 1);
  for (let done = 1; done < buffer.length; ) {
    const read = readSync(fd, buffer, done, buffer.length - done, from + done - 1);
    if (read === 0) return buffer.subarray(0, done);
    done += read;
  }
  return buffer;
}
