import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { readLines, type Stretch } from "../folder/read-lines.ts";
import { listSegments, type Segment } from "../folder/segment.ts";
import { type OpenIntents, openIntents } from "../log/intents.ts";
import { checkLine, isTornTail } from "../record/check-line.ts";
import { type ChainCheck, chainCheck } from "./chain-check.ts";
import type { Anchor, FirstBad, LogReport } from "./report.ts";

/** Lets others run, and reports how far the check got. */
export type Pace = () => Promise<void>;

/** Records between two breaths: about 50 ms of work. */
const BREATH = 4096;

/** Verifies the log whose segments are directly in `dir`. Never throws for what it finds there. */
export async function verifyOneLog(dir: string, anchors: readonly Anchor[], pace: Pace): Promise<LogReport> {
  const chain = chainCheck(anchors);
  const intents = openIntents();
  const warnings: string[] = [];
  let firstBad: FirstBad | undefined;
  let unreadable = false;
  try {
    const segments = listSegments(dir);
    for (const segment of segments) {
      const newest = segment === segments.at(-1);
      firstBad = await checkSegment({ dir, segment, newest, chain, intents, warnings, pace });
      if (firstBad) break;
    }
  } catch (error) {
    unreadable = true;
    warnings.push(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`);
  }
  if (chain.head === undefined && !firstBad && anchors.length === 0 && !unreadable) {
    unreadable = true;
    warnings.push("there are no records");
  }
  const cut = chain.missing.length > 0;
  return {
    dir,
    status: unreadable ? "unreadable" : firstBad ? "tampered" : cut ? "shorter" : "intact",
    logId: chain.logId,
    records: chain.next,
    head: chain.head,
    firstBad,
    unfinished: intents.count(),
    unfinishedSeqs: intents.oldest(),
    warnings,
  };
}

interface SegmentCheck {
  readonly dir: string;
  readonly segment: Segment;
  readonly newest: boolean;
  readonly chain: ChainCheck;
  readonly intents: OpenIntents;
  readonly warnings: string[];
  readonly pace: Pace;
}

async function checkSegment(check: SegmentCheck): Promise<FirstBad | undefined> {
  const { segment, chain, pace } = check;
  const { file } = segment;
  if (segment.firstSeq !== chain.next) {
    const reason = `the file starts at record ${segment.firstSeq}: records between were removed or added`;
    return { file, seq: chain.next, line: 1, reason };
  }
  const fd = openForReading(join(check.dir, file));
  try {
    let line = 0;
    for (const stretch of readLines(fd)) {
      line++;
      const reason = checkStretch(stretch, check);
      if (reason !== undefined) return { file, seq: chain.next, line, reason };
      if (line % BREATH === 0) await pace();
    }
  } finally {
    closeSync(fd);
  }
  return undefined;
}

function checkStretch(stretch: Stretch, { chain, intents, newest, warnings }: SegmentCheck): string | undefined {
  const { kind, buffer, start, end } = stretch;
  if (kind === "too_long") return "the line is longer than any record";
  if (kind === "tail") {
    if (!newest) return "the file ends within a record, though another file follows";
    if (!isTornTail(buffer.subarray(start - 1, end))) return "bytes follow a whole record";
    warnings.push(`${end - start} bytes of an unfinished record at the end: a crash, or a server writing right now`);
    return undefined;
  }
  const checked = checkLine(buffer, start, end);
  if ("reason" in checked) return checked.reason;
  const reason = chain.follow(checked.record);
  if (reason === undefined) intents.see(checked.record.type, checked.record.ref, checked.record.seq);
  return reason;
}

/** A link or a FIFO in a segment's place is unreadable, not followed and not waited for. */
function openForReading(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error("not a plain file"), { code: "ENOTFILE" });
}
