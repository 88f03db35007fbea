import { closeSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../errors.ts";
import { lastNote, openPlain, readNotes } from "../folder/notes.ts";
import { checkpointsName, listSegments, type Segment } from "../folder/segment.ts";
import { type AnchorNote, parseAnchorNote } from "../verify/anchor-notes.ts";

/** A checkpoint with the text of its note. Read, not believed: the walk through the log checks both. */
export interface Stored {
  readonly text: string;
  readonly anchor: AnchorNote;
}

/** @throws {AuditError} `invalid`: `dir` cannot be read, or holds no log */
export function segmentsToProve(dir: string): Segment[] {
  let segments: Segment[];
  try {
    segments = listSegments(dir);
  } catch (error) {
    throw new AuditError("invalid", `${dir} cannot be read`, { cause: error });
  }
  if (segments.length > 0) return segments;
  throw new AuditError("invalid", `${dir} holds no log; of a shared folder name the sub-log, for example ${dir}/0`);
}

/** The newest checkpoint of a log. */
export function newestCheckpoint(dir: string, segments: readonly Segment[]): Stored | undefined {
  for (const { firstSeq } of segments.toReversed()) {
    const found = withFile(dir, firstSeq, (fd) => stored(lastNote(fd)?.note));
    if (found) return found;
  }
  return undefined;
}

/** The first checkpoint that speaks of record `seq`. */
export function firstCovering(dir: string, segments: readonly Segment[], seq: number): Stored | undefined {
  const from = segments.findLastIndex(({ firstSeq }) => firstSeq <= seq);
  for (const { firstSeq } of segments.slice(Math.max(from, 0))) {
    const found = withFile(dir, firstSeq, (fd) => {
      for (const { note } of readNotes(fd)) {
        const one = stored(note);
        if (one && one.anchor.size > seq) return one;
      }
      return undefined;
    });
    if (found) return found;
  }
  return undefined;
}

function stored(text: string | undefined): Stored | undefined {
  const anchor = text === undefined ? undefined : parseAnchorNote(text);
  return anchor && { text: text ?? "", anchor };
}

function withFile<T>(dir: string, firstSeq: number, use: (fd: number) => T): T | undefined {
  const fd = openPlain(join(dir, checkpointsName(firstSeq)));
  if (fd === undefined) return undefined;
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
