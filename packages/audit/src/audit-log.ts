import type { AuditError } from "./errors.ts";
import type { AuditArgs, AuditEvent } from "./event.ts";

/** An open log: one folder, one writer, one chain. */
export interface AuditLog {
  /** The folder of this log. */
  readonly dir: string;
  /** `SERVER/RANDOM`: stable over restarts, unique to the log. */
  readonly logId: string;
  /** Set once the log is dead. A dead log never comes back: start the process again. */
  readonly failed: AuditError | undefined;
  /**
   * Numbers, chains and queues one record; touches no disk. It reaches the disk with the next {@link durable}, or
   * within 100 ms.
   *
   * @returns the record's sequence number, from 0
   * @throws {AuditError} `unavailable` when the log is dead or closed, or 16 MiB are waiting for the disk
   */
  write(event: AuditEvent): number;
  /**
   * Resolves when everything written so far is on disk (fdatasync). Concurrent callers share one sync.
   *
   * @throws {AuditError} `unavailable` on any write or sync error, for good
   */
  durable(): Promise<void>;
  /**
   * The `args` field for a value: HMAC-SHA256 of its canonical JSON under a key that never leaves this log's folder.
   *
   * @throws {AuditError} `invalid` for a value nested deeper than 128 levels
   */
  digest(value: unknown): AuditArgs;
  /** Writes `log.stopped`, flushes, releases the lock. Idempotent. Rejects `unavailable` if the flush failed. */
  close(): Promise<void>;
}

/** Options of {@link openAuditLog} and {@link openAuditSlot}. */
export interface AuditLogOptions {
  /** Folder of the log; created 0700 when missing. */
  readonly dir: string;
  /** Id of the server, for example `filesystem`: lower-case letters, digits, `.`, `_`, `-`; at most 64. */
  readonly server: string;
  /** Upper bound of one record in bytes. Default 32768, which is the most; at least 8192. Details are cut to fit. */
  readonly maxRecordBytes?: number | undefined;
  /** How long a record nobody waits for may stay in memory. Default 100. */
  readonly maxDelayMs?: number | undefined;
  /** Bytes that may wait for the disk before `write` refuses. Default 16 MiB. */
  readonly maxQueuedBytes?: number | undefined;
}
