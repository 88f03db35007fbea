/**
 * - `intact`: every record is as it was written.
 * - `shorter`: intact, but an anchor was recorded that the log no longer reaches: its end was cut off.
 * - `tampered`: a record was changed, removed, added or moved.
 * - `unreadable`: there is no log, or it cannot be read.
 */
export type VerifyStatus = "intact" | "shorter" | "tampered" | "unreadable";

/** Where the chain breaks first. */
export interface FirstBad {
  /** Path of the file, relative to the log's folder. */
  readonly file: string;
  /** The sequence number the record at this place should have. */
  readonly seq: number;
  /** Line in the file, from 1. */
  readonly line: number;
  /** In plain words, without any content of the log. */
  readonly reason: string;
}

/** The newest record: keep it outside the machine as an anchor. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** A head that was noted earlier. The log must still contain it. */
export type Anchor = Head;

/** What one log is worth. */
export interface LogReport {
  readonly dir: string;
  readonly status: VerifyStatus;
  readonly logId: string | undefined;
  /** Records found good, up to the first bad one. */
  readonly records: number;
  readonly head: Head | undefined;
  readonly firstBad: FirstBad | undefined;
  /** Intents without an outcome: calls whose fate is unknown (crash), or that are running now. */
  readonly unfinished: number;
  /** Sequence numbers of the oldest of them, at most ten. */
  readonly unfinishedSeqs: readonly number[];
  /** What is no tampering but worth knowing. */
  readonly warnings: readonly string[];
}

/** All logs of a folder; `status` is the worst of theirs: unreadable, tampered, shorter, intact. */
export interface VerifyReport {
  readonly status: VerifyStatus;
  readonly records: number;
  readonly logs: readonly LogReport[];
}
