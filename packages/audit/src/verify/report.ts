/**
 * - `intact`: every record is as it was written and signed.
 * - `shorter`: intact, but a checkpoint or an anchor speaks of records that are not there: the end was cut off.
 * - `tampered`: a record was changed, removed, added or moved, or signed with a key that is not to be trusted.
 * - `unreadable`: there is no log, or it cannot be read.
 */
export type VerifyStatus = "intact" | "shorter" | "tampered" | "unreadable";

/** Where the log is bad first. */
export interface FirstBad {
  /** Path of the file, relative to the log's folder. */
  readonly file: string;
  /** The first sequence number that cannot be relied on. */
  readonly seq: number;
  /** Line in the file, from 1; 0 where the file is missing. */
  readonly line: number;
  /** In plain words, naming the attack, without any text of the log. */
  readonly reason: string;
}

/** The newest record: keep it outside the machine as an anchor. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** A head that was noted earlier. The log must still contain it. */
export type Anchor = Head;

/** A key that signed the log, and for which sizes. */
export interface KeyUse {
  readonly name: string;
  readonly id: string;
  /** The whole key, `NAME+ID+KEY`. */
  readonly text: string;
  /** `given` by who verifies, found in the `folder`, vouched for by such a key in a record of `rotation`, or `unknown`. */
  readonly from: "given" | "folder" | "rotation" | "unknown";
  /** Sizes of the first and last checkpoint it signed; undefined when it signed only a change of key, or what was deleted. */
  readonly firstSize: number | undefined;
  readonly lastSize: number | undefined;
}

/** What one log is worth. */
export interface LogReport {
  readonly dir: string;
  readonly status: VerifyStatus;
  readonly logId: string | undefined;
  /** Number of the first record that is present: greater than 0 when older segments were deleted by the log itself. */
  readonly from: number;
  /** Records found good, up to the first bad one. */
  readonly records: number;
  readonly head: Head | undefined;
  readonly firstBad: FirstBad | undefined;
  /** Checkpoints found good. */
  readonly checkpoints: number;
  /** Size of the last of them: records before it are covered by a signature. */
  readonly signed: number;
  /** Records after it, covered by the chain alone: who may write to the folder can redo them. */
  readonly unsigned: number;
  /** Whose keys were trusted; `folder`: whoever may write there could have replaced them. */
  readonly keysFrom: "given" | "folder" | "none";
  readonly keys: readonly KeyUse[];
  /** Anchors that the log was compared with and agrees with. */
  readonly anchorsMatched: number;
  /** `shorter`: the size that the log had at least once. */
  readonly shorterThan: number | undefined;
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
  /** What is wrong with the folder as a whole, in plain words; anything here makes it `tampered`, a log that is gone `shorter`. */
  readonly problems: readonly string[];
  /** What is no tampering but worth knowing. */
  readonly warnings: readonly string[];
}
