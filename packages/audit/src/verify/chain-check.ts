import type { ReadRecord } from "../record/check-line.ts";
import { GENESIS } from "../record/leaf.ts";
import type { Head } from "./report.ts";

/** Follows the chain record by record. */
export interface ChainCheck {
  readonly head: Head | undefined;
  readonly logId: string | undefined;
  /** The sequence number that comes next. */
  readonly next: number;
  /** Accepts the next record, or says in plain words why it cannot stand here. */
  follow(record: ReadRecord): string | undefined;
}

/** @param from number of the first record; beyond 0, what it points to is gone, and a checkpoint vouches for it instead */
export function chainCheck(from: number): ChainCheck {
  let head: Head | undefined;
  let logId: string | undefined;

  function follow({ seq, prev, hash, log }: ReadRecord): string | undefined {
    const expected = head ? head.seq + 1 : from;
    if (logId !== undefined && log !== logId) return "the record belongs to another log";
    if (seq !== expected) return `the record is number ${seq}: records were removed, added or moved`;
    if ((head !== undefined || from === 0) && prev !== (head?.hash ?? GENESIS)) {
      return "the record does not follow the one before it";
    }
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
      return head ? head.seq + 1 : from;
    },
  };
}
