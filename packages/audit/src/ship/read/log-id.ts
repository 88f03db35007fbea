import { closeSync } from "node:fs";
import { join } from "node:path";
import { openPlain } from "../../folder/notes.ts";
import { readLines } from "../../folder/read-lines.ts";
import { listSegments, type Segment } from "../../folder/segment.ts";
import { checkLine, type ReadRecord } from "../../record/check-line.ts";
import { ShipFailure } from "../target/target.ts";

/** A record and where the next one begins. */
export interface Placed {
  readonly record: ReadRecord;
  readonly end: number;
}

/** The records of a segment's whole lines. @throws {ShipFailure} `damaged` */
export function* placedRecords(dir: string, segment: Segment): Generator<Placed, void, void> {
  const fd = openPlain(join(dir, segment.file));
  if (fd === undefined) return;
  try {
    let end = 0;
    for (const stretch of readLines(fd)) {
      if (stretch.kind === "tail") return;
      const checked = checkLine(stretch.buffer, stretch.start, stretch.end);
      if (stretch.kind === "too_long" || "reason" in checked) throw new ShipFailure("damaged");
      end += stretch.end - stretch.start + 1;
      yield { record: checked.record, end };
    }
  } finally {
    closeSync(fd);
  }
}

/** The first record of a segment; undefined while there is none. */
export function firstRecord(dir: string, segment: Segment): ReadRecord | undefined {
  for (const { record } of placedRecords(dir, segment)) return record;
  return undefined;
}

/** The id of the log in a folder; undefined while it has no record. */
export function logIdOf(dir: string): string | undefined {
  for (const segment of listSegments(dir)) {
    const record = firstRecord(dir, segment);
    if (record !== undefined) return record.log;
  }
  return undefined;
}
