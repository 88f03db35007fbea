import { setImmediate, setTimeout } from "node:timers/promises";
import type { AuditRecord } from "./audit-record.ts";
import { type Followed, followLog, type LogFollower } from "./follow-log.ts";
import type { LoggedRecord } from "./line-check.ts";
import { listLogs } from "./logs.ts";
import { endOfLog, readBack } from "./read-back.ts";
import { noLog } from "./read-records.ts";

/** Options of {@link tailRecords}. */
export interface TailOptions {
  /** How many of the newest records that are wanted, over all sub-logs together. */
  readonly last: number;
  readonly wanted?: ((record: AuditRecord) => boolean) | undefined;
  /** Goes on with what is written from now on, until `signal` aborts. Waits for a log that is not there yet. */
  readonly follow?: { readonly signal: AbortSignal } | undefined;
}

/** Between two looks at the folder. Looking costs a list of names and one open file for each sub-log. */
const POLL_MS = 250;
/** Records of one log before the others get their turn: keeps memory and the mix of times in bounds. */
const TURN = 1024;

/**
 * The newest records of a log or of all its sub-logs, by time, and what comes after them. Checks that lines are records
 * and follow each other; hashes are for `readRecords`, proofs for `verifyAuditLog`.
 *
 * @throws {AuditError} `damaged`; `unreadable`, without `follow` also when there is no log in the folder
 */
export async function* tailRecords(dir: string, options: TailOptions): AsyncGenerator<Followed, void, void> {
  const { last, wanted = () => true, follow } = options;
  const followers = new Map<string, LogFollower>();
  const newest: LoggedRecord[][] = [];
  const logs = listLogs(dir);
  if (logs.length === 0 && follow === undefined) throw noLog(dir);
  for (const log of logs) {
    const end = endOfLog(log);
    if (follow !== undefined) followers.set(log, followLog(log, end));
    if (end === undefined || last === 0) continue;
    const found: LoggedRecord[] = [];
    let read = 0;
    for (const logged of readBack(log, end)) {
      if (wanted(logged.record)) found.push(logged);
      if (found.length === last) break;
      if (++read % TURN === 0) await setImmediate();
    }
    newest.push(found.reverse());
  }
  yield* byTime(newest).slice(-Math.max(1, last));
  if (follow === undefined) return;

  while (!follow.signal.aborted) {
    for (const log of listLogs(dir)) {
      if (!followers.has(log)) followers.set(log, followLog(log, undefined));
    }
    let isMore = false;
    const turn: LoggedRecord[][] = [];
    for (const follower of followers.values()) {
      const found: LoggedRecord[] = [];
      let read = 0;
      for (const one of follower.poll()) {
        if ("notice" in one) yield one;
        else if (wanted(one.record)) found.push(one);
        isMore ||= ++read === TURN;
        if (read === TURN) break;
      }
      turn.push(found);
    }
    yield* byTime(turn);
    await (isMore ? setImmediate() : pause(follow.signal));
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(POLL_MS, undefined, { signal });
  } catch {
    // Aborted: the loop sees it.
  }
}

/** One list of several logs. Within each, numbers say what came first, whatever the clock did: its time never goes back. */
function byTime(logs: readonly (readonly LoggedRecord[])[]): readonly LoggedRecord[] {
  const timed = logs.flatMap((records) => {
    let time = "";
    return records.map((logged) => {
      if (logged.record.ts > time) time = logged.record.ts;
      return { logged, time };
    });
  });
  return timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).map(({ logged }) => logged);
}
