import type { AuditLog } from "../audit-log.ts";
import { AuditError } from "../errors.ts";
import type { AuditArgs, AuditEvent, OwnEvent } from "../event.ts";
import type { Settings } from "../options.ts";
import { monotonicMs, wallClock } from "../record/clock.ts";
import { recordLine } from "../record/record.ts";
import { groupCommit, type Sink } from "./commit.ts";

/** Where the chain continues, and what it needs. */
export interface WriterOptions extends Settings {
  readonly logId: string;
  readonly nextSeq: number;
  readonly prev: string;
  readonly sink: Sink;
  readonly digest: (value: unknown) => AuditArgs;
  /** Releases file and lock. */
  readonly onClose: () => void;
}

/** An {@link AuditLog} that can also record about itself. */
export interface Writer extends AuditLog {
  note(event: OwnEvent): number;
}

/** The life of an open log: chain in memory, queue to the sink, one end. */
export function startWriter(options: WriterOptions): Writer {
  const { dir, logId, digest, maxRecordBytes, maxDelayMs, maxQueuedBytes } = options;
  const commit = groupCommit(options.sink, { maxDelayMs, maxQueuedBytes });
  const now = wallClock();
  let { nextSeq, prev } = options;
  let closing: Promise<void> | undefined;

  function append(event: AuditEvent | OwnEvent): number {
    const seq = nextSeq;
    const line = recordLine(event, { log: logId, seq, ts: now(), mono: monotonicMs(), prev }, maxRecordBytes);
    // Queue and chain move together: a throw above leaves both as they were.
    commit.add(line.text);
    prev = line.hash;
    nextSeq = seq + 1;
    return seq;
  }

  async function end(): Promise<void> {
    try {
      // Even when the queue is full: the file may be closed only after everything queued has left.
      if (commit.failed) throw commit.failed;
      append({ type: "log.stopped" });
      await commit.durable();
    } finally {
      options.onClose();
    }
  }

  return {
    dir,
    logId,
    digest,
    get failed() {
      return commit.failed;
    },
    write(event) {
      if (closing) throw new AuditError("unavailable", "the audit log is closed");
      commit.ensureRoom();
      return append(event);
    },
    note: append,
    durable: () => commit.durable(),
    close() {
      closing ??= end();
      return closing;
    },
  };
}
