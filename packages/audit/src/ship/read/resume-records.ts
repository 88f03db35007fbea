import { listSegments, type Segment } from "../../folder/segment.ts";
import { GENESIS } from "../../record/leaf.ts";
import type { Cursor } from "../cursor.ts";
import { endsAt } from "./ends-at.ts";
import { firstRecord, logIdOf, placedRecords } from "./log-id.ts";
import type { Break } from "./reader.ts";

/** Where reading goes on. */
export interface Resumed {
  readonly cursor: Cursor;
  readonly breaks: readonly Break[];
}

/**
 * Finds the place of a stored cursor in a log, and checks that the log is still the one it was: the record before the
 * place must have the hash that was sent. Otherwise sending starts over with what is there, and says why.
 *
 * @returns undefined while the log has no record
 * @throws {ShipFailure} `damaged`
 */
export function resumeRecords(dir: string, stored: Cursor | "missing" | "damaged"): Resumed | undefined {
  const log = logIdOf(dir);
  const segments = listSegments(dir);
  const first = segments[0];
  if (log === undefined || first === undefined) return undefined;
  const start = startOf(log, first);
  const over = (code: Break["code"], from: number): Resumed => ({
    cursor: start,
    breaks: [{ code, from, to: start.next }],
  });
  if (stored === "missing") return { cursor: start, breaks: [] };
  if (stored === "damaged") return over("cursor_damaged", start.next);
  if (stored.log !== log) return over("other_log", stored.next);
  if (stored.next < first.firstSeq) return over("pruned", stored.next);
  const segment = segments.findLast((one) => one.firstSeq <= stored.next) ?? first;
  const found = placeOf(dir, segment, stored);
  return found === "log_cut" || found === "log_changed"
    ? over(found, stored.next)
    : { cursor: { ...stored, segment: segment.file, offset: found }, breaks: [] };
}

/** The beginning of a segment. What comes before it is known only for the first of all. */
export function startOf(log: string, { file, firstSeq }: Segment): Cursor {
  return { log, next: firstSeq, hash: firstSeq === 0 ? GENESIS : undefined, segment: file, offset: 0 };
}

/** Where record `next` begins, or will; or why it cannot be that. */
function placeOf(dir: string, segment: Segment, stored: Cursor): number | "log_cut" | "log_changed" {
  const { next, hash } = stored;
  if (segment.firstSeq === next) {
    const record = firstRecord(dir, segment);
    return record === undefined || hash === undefined || record.prev === hash ? 0 : "log_changed";
  }
  // Reading a whole segment takes a second for each 100 MB; the hint, none.
  if (stored.segment === segment.file && hash !== undefined && endsAt(dir, stored, hash)) return stored.offset;
  for (const { record, end } of placedRecords(dir, segment)) {
    if (record.seq === next - 1) return hash === undefined || record.hash === hash ? end : "log_changed";
  }
  return "log_cut";
}
