import { closeSync, fstatSync } from "node:fs";
import { join } from "node:path";
import { openPlain } from "../folder/notes.ts";
import { readLines } from "../folder/read-lines.ts";
import { listSegments, type Segment } from "../folder/segment.ts";
import type { AuditRecord } from "./audit-record.ts";
import { damaged, type LoggedRecord, lineCheck } from "./line-check.ts";
import { endOfLog, type LogEnd, readBack } from "./read-back.ts";

/** A new record, or something about the log that whoever follows it must know. */
export type Followed = LoggedRecord | { readonly notice: string; readonly dir: string };

/** Follows one log over its segments. */
export interface LogFollower {
  /**
   * What came since the last time; may be left before its end, and then goes on from there.
   *
   * @throws {AuditError} `damaged`
   */
  poll(): Generator<Followed, void, void>;
}

interface Position {
  readonly file: string;
  readonly firstSeq: number;
  offset: number;
  ino: number | undefined;
}

/**
 * Looks by name and number each time and holds no file open: a log may be rotated, pruned, cut, deleted and made anew
 * under its reader.
 *
 * @param end where to go on; undefined: from the first record there is
 */
export function followLog(dir: string, end: LogEnd | undefined): LogFollower {
  let at: Position | undefined = end && { ...end };
  let check = lineCheck(dir, false, end && lastRecord(dir, end));

  /** @returns whether there is a segment to read */
  function* settle(segments: readonly Segment[]): Generator<Followed, boolean, void> {
    const here = at;
    if (here !== undefined && segments.some(({ file }) => file === here.file)) return true;
    const next = segments.find(({ firstSeq }) => firstSeq > (here?.firstSeq ?? -1)) ?? segments[0];
    if (next === undefined) return false;
    at = begin(next);
    const expected = check.last === undefined ? next.firstSeq : check.last.seq + 1;
    if (next.firstSeq === expected) return true;
    yield { dir, notice: `the log goes on at record ${next.firstSeq}, not ${expected}: segments were deleted` };
    check = lineCheck(dir, false);
    return true;
  }

  /** Whether the file is still the one that was read, and as long. */
  function* lookAt(fd: number, here: Position): Generator<Followed, void, void> {
    const { size, ino } = fstatSync(fd);
    const isOther = here.ino !== undefined && here.ino !== ino;
    here.ino = ino;
    if (!isOther && size >= here.offset) return;
    const now = isOther ? undefined : endOfLog(dir);
    const last = now === undefined ? undefined : lastRecord(dir, now);
    if (now?.file === here.file && last !== undefined && last.log === check.last?.log) {
      const [from, to] = [last.seq + 1, check.last.seq];
      yield { dir, notice: `${here.file} was cut: records ${from} to ${to} were on disk and are gone` };
      here.offset = now.offset;
      check = lineCheck(dir, false, last);
    } else {
      yield { dir, notice: `${here.file} was cut or replaced: what follows is what stands there now` };
      here.offset = 0;
      check = lineCheck(dir, false);
    }
  }

  function* readOn(here: Position, isNewest: boolean): Generator<Followed, void, void> {
    const fd = openPlain(join(dir, here.file));
    if (fd === undefined) return;
    try {
      yield* lookAt(fd, here);
      for (const { kind, buffer, start, end } of readLines(fd, here.offset)) {
        const place = `byte ${here.offset}`;
        if (kind === "too_long") throw damaged(dir, here.file, place, "the line is longer than any record");
        if (kind === "tail") {
          // Half a record: its end may be on its way.
          if (isNewest) return;
          throw damaged(dir, here.file, place, "the file ends within a record, though another file follows");
        }
        const logged = check.accept(buffer.toString("latin1", start, end), here.file, place);
        here.offset += end - start + 1;
        yield logged;
      }
    } finally {
      closeSync(fd);
    }
  }

  return {
    *poll() {
      for (;;) {
        // Listed before reading: where a later segment is in the list, this one is complete.
        const segments = segmentsOf(dir);
        if (!(yield* settle(segments)) || at === undefined) return;
        const here = at;
        const next = segments.find(({ firstSeq }) => firstSeq > here.firstSeq);
        yield* readOn(here, next === undefined);
        if (next === undefined) return;
        const expected = check.last === undefined ? next.firstSeq : check.last.seq + 1;
        if (next.firstSeq !== expected) {
          throw damaged(dir, next.file, "its name", `the file starts at record ${next.firstSeq}, not ${expected}`);
        }
        at = begin(next);
      }
    },
  };
}

function begin({ file, firstSeq }: Segment): Position {
  return { file, firstSeq, offset: 0, ino: undefined };
}

function lastRecord(dir: string, end: LogEnd): AuditRecord | undefined {
  for (const { record } of readBack(dir, end)) return record;
  return undefined;
}

/** None while the folder is not there. */
function segmentsOf(dir: string): readonly Segment[] {
  try {
    return listSegments(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
