import type { AuditError } from "./errors.ts";
import type { ArgsRules, AuditArgs, AuditEvent, AuditTool, ToolChanged } from "./event.ts";
import type { Checkpoint } from "./note/checkpoint.ts";
import type { Signer } from "./signer/signer.ts";

/** A call of an earlier run that was to happen, and of which nobody knows whether it did. */
export interface UnfinishedCall {
  /** Number of its `call.intent` record. */
  readonly seq: number;
  readonly ref: string;
  readonly tool: AuditTool | undefined;
}

/** What a start found of the run before. */
export interface Recovered {
  /** Bytes of a half-written record that were cut off. None of it was ever acknowledged. */
  readonly cutBytes: number;
  readonly unfinished: readonly UnfinishedCall[];
}

/** An open log: one folder, one writer, one chain. */
export interface AuditLog {
  /** The folder of this log. */
  readonly dir: string;
  /** `SERVER/RANDOM`: stable over restarts, unique to the log. The origin of its checkpoints. */
  readonly logId: string;
  /** `NAME+ID+KEY`: what verifies its checkpoints. Hand it to the auditor before it is needed. */
  readonly publicKey: string;
  readonly recovered: Recovered;
  /** Set once the log is dead. A dead log never comes back: start the process again. */
  readonly failed: AuditError | undefined;
  /**
   * Numbers, chains and queues one record; touches no disk. It reaches the disk with the next {@link durable}, or
   * within 100 ms.
   *
   * @returns the record's sequence number, from 0
   * @throws {AuditError} `unavailable` when the log is dead or closed, 16 MiB are waiting for the disk, or nothing could be
   *   signed for `maxUnsignedMs`, or 8,000 records wait to be
   */
  write(event: AuditEvent): number;
  /**
   * Resolves when everything written so far is on disk (fdatasync). Concurrent callers share one sync.
   *
   * @throws {AuditError} `unavailable` on any write or sync error, for good
   */
  durable(): Promise<void>;
  /**
   * The `args` field for a value: HMAC-SHA256 of its canonical JSON under a key that never leaves this log's folder, and
   * is destroyed after 30 days.
   *
   * @param rules what is shown of single fields; frozen, they are looked through once. Default: nothing
   * @throws {AuditError} `invalid` for a value nested deeper than 128 levels, and for an unknown rule
   * @throws {AuditError} `unavailable` when the key's time is over and it cannot be replaced
   */
  digest(value: unknown, rules?: ArgsRules): AuditArgs;
  /**
   * What became of the tools since the last start of this log, and keeps them for the next. Write each of it.
   *
   * @param off names of tools that this start does not offer and that are not gone, such as those that write. Default: none
   * @throws {AuditError} `unavailable`, `insecure`
   */
  drift(tools: readonly AuditTool[], off?: readonly string[]): readonly ToolChanged[];
  /**
   * Signs the log as it stands, once what was written is on disk.
   *
   * @throws {AuditError} `unavailable`: it could not be signed or written
   */
  checkpoint(): Promise<Checkpoint>;
  /**
   * Goes over to another signing key, on record and signed by both. Later checkpoints are the new key's.
   *
   * @throws {AuditError} `unavailable`: one of them cannot sign; the old key stays
   */
  rotateKey(next: Signer): Promise<void>;
  /** Writes `log.stopped`, flushes, signs, releases the lock. Idempotent. Rejects `unavailable` if the flush failed. */
  close(): Promise<void>;
}

/** Options of {@link openAuditLog} and {@link openAuditSlot}. */
export interface AuditLogOptions {
  /** Folder of the log; created 0700 when missing. */
  readonly dir: string;
  /** Id of the server, for example `filesystem`: lower-case letters, digits, `.`, `_`, `-`; at most 64. */
  readonly server: string;
  /** Signs checkpoints. Default: a key in the folder (`signing.key`), made on first use. Better one that lies elsewhere. */
  readonly signer?: Signer | undefined;
  /** Upper bound of one record in bytes. Default 32768, which is the most; at least 8192. Details are cut to fit. */
  readonly maxRecordBytes?: number | undefined;
  /** How long a record nobody waits for may stay in memory. Default 100. */
  readonly maxDelayMs?: number | undefined;
  /** Bytes that may wait for the disk before `write` refuses. Default 16 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /** Size at which the log goes on in a new segment. Default 64 MiB; at least 64 KiB. */
  readonly maxSegmentBytes?: number | undefined;
  /** Age at which it does. Default one day. */
  readonly maxSegmentAgeMs?: number | undefined;
  /** Segments to keep, the newest among them. Default: all of them. */
  readonly keepSegments?: number | undefined;
  /** Bytes of segments to keep. Default: all. A whole segment more may be there before the oldest one goes. */
  readonly keepBytes?: number | undefined;
  /** How long segments are kept after their last record. Default: for ever. */
  readonly keepMs?: number | undefined;
  /** Records after which a checkpoint is made. Default 1000. */
  readonly checkpointRecords?: number | undefined;
  /** Time after which one is made when there are new records. Default 60,000. */
  readonly checkpointMs?: number | undefined;
  /** How long the log goes on while nothing can be signed. Default 600,000. */
  readonly maxUnsignedMs?: number | undefined;
  /** How long one key digests arguments before it is destroyed. Default 30 days. */
  readonly digestKeyMs?: number | undefined;
}
