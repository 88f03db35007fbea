import type { ReadRecord } from "../record/check-line.ts";
import { GENESIS } from "../record/leaf.ts";
import type { Anchor, Head } from "./report.ts";

/** Follows the chain record by record. */
export interface ChainCheck {
  readonly head: Head | undefined;
  readonly logId: string | undefined;
  /** The sequence number that comes next. */
  readonly next: number;
  /** Anchors the log has not reached yet. */
  readonly missing: readonly Anchor[];
  /** Accepts the next record, or says in plain words why it cannot stand here. */
  follow(record: ReadRecord): string | undefined;
}

export function chainCheck(anchors: readonly Anchor[]): ChainCheck {
  let head: Head | undefined;
  let logId: string | undefined;
  let missing: readonly Anchor[] = anchors;

  function follow(record: ReadRecord): string | undefined {
    const { seq, prev, hash, log } = record;
    const expected = head ? head.seq + 1 : 0;
    if (logId !== undefined && log !== logId) return "the record belongs to another log";
    if (seq !== expected) return `the record is number ${seq}: records were removed, added or moved`;
    if (prev !== (head?.hash ?? GENESIS)) return "the record does not follow the one before it";
    if (missing.some((anchor) => anchor.seq === seq && anchor.hash !== hash)) {
      return "the record differs from the anchor: the log was rewritten";
    }
    if (missing.length > 0) missing = missing.filter((anchor) => anchor.seq !== seq);
    head = { seq, hash };
    logId = log;
    return undefined;
  }

  return {
    follow,
    get head() {
      return head;
    },
    get logId() {
      return logId;
    },
    get next() {
      return head ? head.seq + 1 : 0;
    },
    get missing() {
      return missing;
    },
  };
}
