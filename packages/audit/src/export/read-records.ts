import { setImmediate } from "node:timers/promises";
import { AuditError } from "../errors.ts";
import type { AuditRecord } from "./audit-record.ts";
import type { LoggedRecord } from "./line-check.ts";
import { listLogs } from "./logs.ts";
import { readLog, type TornEnd } from "./read-log.ts";

/** Which records are wanted. All are read and checked all the same. */
export interface RecordFilter {
  /** Wall time, milliseconds since 1970: at or after. */
  readonly since?: number | undefined;
  /** Before. */
  readonly until?: number | undefined;
  readonly types?: readonly string[] | undefined;
}

/** Options of {@link readRecords}. */
export interface ReadOptions extends RecordFilter {
  /** Number of the first record, in each log. Default 0. */
  readonly fromSeq?: number | undefined;
  /** Whether hashes and chain are checked. Default true. The signed checkpoints are for `verifyAuditLog`. */
  readonly verify?: boolean | undefined;
  /** Told of half a record at the end of a log, which is left out. */
  readonly onTornEnd?: ((end: TornEnd) => void) | undefined;
}

/** Records between two breaths: about 10 ms of work. */
const BREATH = 1024;

/**
 * The records of the log in `dir`, or of each sub-log of it one after another, oldest first. Reads only, in constant
 * memory; may run beside the server. No line is passed over: a damaged one ends the reading.
 *
 * @throws {AuditError} `damaged`, naming file and line; `unreadable`, also when there is no log in the folder
 */
export async function* readRecords(dir: string, options: ReadOptions = {}): AsyncGenerator<LoggedRecord, void, void> {
  const { fromSeq = 0, verify = true, onTornEnd = () => undefined } = options;
  const wanted = recordFilter(options);
  const logs = listLogs(dir);
  if (logs.length === 0) throw noLog(dir);
  let read = 0;
  for (const log of logs) {
    for (const logged of readLog(log, { fromSeq, verify, onTornEnd })) {
      if (wanted(logged.record)) yield logged;
      if (++read % BREATH === 0) await setImmediate();
    }
  }
}

/** A test for records. Times are compared as numbers; wall time may step, so order says nothing about them. */
export function recordFilter({ since, until, types }: RecordFilter): (record: AuditRecord) => boolean {
  const named = types === undefined || types.length === 0 ? undefined : new Set(types);
  return ({ ts, type }) => {
    if (named !== undefined && !named.has(type)) return false;
    if (since === undefined && until === undefined) return true;
    const time = Date.parse(ts);
    return (since === undefined || time >= since) && (until === undefined || time < until);
  };
}

/** An empty answer for a misspelt folder would look like a quiet server. */
export function noLog(dir: string): AuditError {
  return new AuditError("unreadable", `there is no audit log in ${dir}`);
}
