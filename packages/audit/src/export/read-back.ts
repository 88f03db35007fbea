import { closeSync, fstatSync, readSync } from "node:fs";
import { auditDefaults } from "../defaults.ts";
import { listSegments } from "../folder/segment.ts";
import { type AuditRecord, parseRecord } from "./audit-record.ts";
import { damaged, type LoggedRecord, reasonAgainst } from "./line-check.ts";
import { openSegmentFile } from "./read-log.ts";

/** Where a log ends: behind its last whole line. */
export interface LogEnd {
  readonly file: string;
  readonly firstSeq: number;
  /** Bytes of the file up to and with the last line feed. */
  readonly offset: number;
  /** Number of the file itself, which stays when its name goes to another one. */
  readonly ino: number;
}

const LF = 0x0a;
const CHUNK = 64 * 1024;

/** The end of the log as it stands now; undefined: it has no segment yet. */
export function endOfLog(dir: string): LogEnd | undefined {
  const newest = listSegments(dir).at(-1);
  if (newest === undefined) return undefined;
  const fd = openSegmentFile(dir, newest.file);
  try {
    const { size, ino } = fstatSync(fd);
    return { ...newest, offset: lastLineFeed(fd, size) + 1, ino };
  } finally {
    closeSync(fd);
  }
}

/**
 * The records of a log, newest first, in constant memory: what was last is found without reading what was before.
 *
 * @throws {AuditError} `damaged`, `unreadable`
 */
export function* readBack(dir: string, end: LogEnd): Generator<LoggedRecord, void, void> {
  const segments = listSegments(dir).filter(({ firstSeq }) => firstSeq <= end.firstSeq);
  let later: { readonly record: AuditRecord; readonly line: string; readonly place: string } | undefined;
  for (const { file } of segments.reverse()) {
    const fd = openSegmentFile(dir, file);
    try {
      const offset = file === end.file ? end.offset : fstatSync(fd).size;
      if (lastLineFeed(fd, offset) !== offset - 1) throw damaged(dir, file, "its end", "the file ends within a record");
      for (const { line, at } of linesBack(fd, offset)) {
        const place = `byte ${at}`;
        const record = line === undefined ? "the line is longer than any record" : parseRecord(line);
        if (line === undefined || typeof record === "string") throw damaged(dir, file, place, String(record));
        const reason = later && reasonAgainst(later.record, later.line, record, false);
        if (later && reason !== undefined) throw damaged(dir, file, `after ${place}`, reason);
        later = { record, line, place };
        yield { record, line, dir, file };
      }
    } finally {
      closeSync(fd);
    }
  }
}

interface LineBack {
  /** Undefined: longer than any record. */
  readonly line: string | undefined;
  readonly at: number;
}

/** @param end behind a line feed, or 0 */
function* linesBack(fd: number, end: number): Generator<LineBack, void, void> {
  let position = end;
  let rest: Buffer = Buffer.alloc(0);
  while (position > 0) {
    const size = Math.min(CHUNK, position);
    position -= size;
    const bytes = Buffer.concat([readAt(fd, position, size), rest]);
    let stop = bytes.length - 1;
    for (;;) {
      const before = stop === 0 ? -1 : bytes.lastIndexOf(LF, stop - 1);
      if (before === -1) break;
      yield { line: bytes.toString("latin1", before + 1, stop), at: position + before + 1 };
      stop = before;
    }
    rest = bytes.subarray(0, stop + 1);
    if (rest.length > auditDefaults.maxLineBytes) {
      yield { line: undefined, at: position };
      return;
    }
  }
  if (rest.length > 0) yield { line: rest.toString("latin1", 0, rest.length - 1), at: 0 };
}

/** Position of the last line feed before `end`; -1: there is none. */
function lastLineFeed(fd: number, end: number): number {
  for (let position = end; position > 0; ) {
    const size = Math.min(CHUNK, position);
    position -= size;
    const found = readAt(fd, position, size).lastIndexOf(LF);
    if (found !== -1) return position + found;
  }
  return -1;
}

function readAt(fd: number, position: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const read = readSync(fd, bytes, filled, size - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
