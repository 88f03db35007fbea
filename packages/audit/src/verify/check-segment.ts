import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { readLines, type Stretch } from "../folder/read-lines.ts";
import { checkpointsName, type Segment } from "../folder/segment.ts";
import { isTornTail } from "../record/check-line.ts";
import { checkDue, checkEnd } from "./check-checkpoint.ts";
import { checkRecord, type Finding, type Line } from "./check-record.ts";
import { openCheckpoints } from "./checkpoint-cursor.ts";
import type { FirstBad } from "./report.ts";
import { verifyDefaults } from "./verify-defaults.ts";
import type { Walk } from "./walk.ts";

/** Lets others run, and reports how far the check got. */
export type Pace = () => Promise<void>;

/**
 * Reads a segment and its checkpoints side by side.
 *
 * @param following the segment after it; undefined for the newest
 */
export async function checkSegment(
  walk: Walk,
  { file, firstSeq }: Segment,
  following: Segment | undefined,
  pace: Pace,
): Promise<FirstBad | undefined> {
  const { dir, chain } = walk;
  if (firstSeq !== chain.next) {
    const reason =
      firstSeq > chain.next
        ? `records ${chain.next} to ${firstSeq - 1} are missing: a segment was removed or cut`
        : `the file says that it starts at record ${firstSeq}: records were added, or the file was renamed`;
    return { file, seq: chain.next, line: 1, reason };
  }
  // Checkpoints first: what they speak of was on disk before them.
  const cursor = openCheckpoints(dir, checkpointsName(firstSeq));
  let fd: number | undefined;
  try {
    fd = openForReading(join(dir, file));
    let line = 0;
    for (const stretch of readLines(fd)) {
      line++;
      const seq = chain.next;
      const late = cursor.next === undefined;
      const finding = checkStretch(walk, stretch, { first: line === 1, late }, following === undefined);
      if (finding !== undefined) {
        return typeof finding === "string" ? { file, seq, line, reason: finding } : finding;
      }
      const bad = checkDue(walk, cursor, firstSeq);
      if (bad) return bad;
      // By the record, not by the line: small segments must not keep it from breathing.
      if (seq % verifyDefaults.breath === 0) await pace();
    }
    return checkEnd(walk, cursor, following?.firstSeq);
  } finally {
    cursor.close();
    if (fd !== undefined) closeSync(fd);
  }
}

function checkStretch(walk: Walk, stretch: Stretch, place: Pick<Line, "first" | "late">, newest: boolean): Finding {
  const { kind, buffer, start, end } = stretch;
  if (kind === "too_long") return "the line is longer than any record";
  if (kind === "line") return checkRecord(walk, { buffer, start, end, ...place });
  if (!newest) return "the file ends within a record, though another file follows";
  if (!isTornTail(buffer.subarray(start - 1, end))) return "bytes follow a whole record";
  walk.warnings.push(`${end - start} bytes of an unfinished record at the end: a crash, or a server writing right now`);
  return undefined;
}

/** A link or a FIFO in a segment's place is unreadable, not followed and not waited for. */
function openForReading(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error("not a plain file"), { code: "ENOTFILE" });
}
