import { closeSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { openPlain } from "../folder/notes.ts";
import { readLines } from "../folder/read-lines.ts";
import { listSegments, type Segment } from "../folder/segment.ts";
import { isTornTail } from "../record/check-line.ts";
import { damaged, type LineCheck, type LoggedRecord, lineCheck } from "./line-check.ts";

/** Half a record at the end of a log: a crash, or a server that writes right now. */
export interface TornEnd {
  readonly dir: string;
  readonly file: string;
  readonly bytes: number;
}

/** How one log is read. */
export interface ReadLogOptions {
  /** Number of the first record wanted; segments before it are not opened. */
  readonly fromSeq: number;
  readonly verify: boolean;
  readonly onTornEnd: (end: TornEnd) => void;
}

/**
 * The records of one log as it stands now, oldest first, in constant memory. What is written meanwhile may be missing.
 *
 * @throws {AuditError} `damaged`, `unreadable`
 */
export function* readLog(dir: string, options: ReadLogOptions): Generator<LoggedRecord, void, void> {
  const all = listSegments(dir);
  const first = Math.max(
    0,
    all.findLastIndex(({ firstSeq }) => firstSeq <= options.fromSeq),
  );
  const check = lineCheck(dir, options.verify);
  for (const segment of all.slice(first)) {
    const expected = check.last === undefined ? segment.firstSeq : check.last.seq + 1;
    if (segment.firstSeq !== expected) {
      const reason = `the file starts at record ${segment.firstSeq}, not ${expected}: records between were removed or added`;
      throw damaged(dir, segment.file, "line 1", reason);
    }
    for (const logged of readSegment(dir, segment, segment === all.at(-1), check, options.onTornEnd)) {
      if (logged.record.seq >= options.fromSeq) yield logged;
    }
  }
}

function* readSegment(
  dir: string,
  { file, firstSeq }: Segment,
  newest: boolean,
  check: LineCheck,
  onTornEnd: (end: TornEnd) => void,
): Generator<LoggedRecord, void, void> {
  const fd = openSegmentFile(dir, file);
  try {
    let line = 0;
    for (const { kind, buffer, start, end } of readLines(fd)) {
      line++;
      const place = `line ${line}`;
      if (kind === "too_long") throw damaged(dir, file, place, "the line is longer than any record");
      if (kind === "tail") {
        if (!newest) throw damaged(dir, file, place, "the file ends within a record, though another file follows");
        if (!isTornTail(buffer.subarray(start - 1, end)))
          throw damaged(dir, file, place, "bytes follow a whole record");
        onTornEnd({ dir, file, bytes: end - start });
        return;
      }
      const logged = check.accept(buffer.toString("latin1", start, end), file, place);
      if (line === 1 && logged.record.seq !== firstSeq) {
        throw damaged(
          dir,
          file,
          place,
          `the record is number ${logged.record.seq}, and the file's name says ${firstSeq}`,
        );
      }
      yield logged;
    }
  } finally {
    closeSync(fd);
  }
}

/** @throws {AuditError} `unreadable` */
export function openSegmentFile(dir: string, file: string): number {
  const path = join(dir, file);
  let fd: number | undefined;
  try {
    fd = openPlain(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new AuditError("unreadable", `${path} cannot be read (${code})`, { cause: error });
  }
  if (fd !== undefined) return fd;
  throw new AuditError("unreadable", `${path} was deleted while the log was read, as retention does; try again`);
}
