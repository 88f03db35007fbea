import { join } from "node:path";
import type { Lock } from "../../folder/lock.ts";
import { type Cursor, readCursor, writeCursor } from "../cursor.ts";
import { type Batch, type Break, Restart } from "../read/reader.ts";
import { shipDefaults } from "../ship-defaults.ts";
import { failureCode, type Item, ShipFailure, type Target } from "../target/target.ts";
import type { Lane, LaneSignals } from "./lane.ts";
import { retryDelay } from "./retry-delay.ts";
import { pause } from "./wake.ts";

/**
 * Sends what is new, in order, batch by batch. The cursor moves once the target has acknowledged a batch: what a crash
 * interrupts is sent again, and nothing else is.
 *
 * @returns when there is nothing in the log yet, when the log turned out to be another, or at a stop, with all sent
 * @throws {ShipFailure} and whatever the disk says
 */
export async function shipLog(lane: Lane, lock: Lock, signals: LaneSignals): Promise<void> {
  const path = join(lane.dir, `ship-${lane.target.name}.json`);
  const stored = readCursor(path);
  const resumed = await lane.reader.resume(stored);
  if (resumed === undefined) {
    lane.report.waiting();
    return;
  }
  const { breaks } = resumed;
  for (const one of breaks) lane.report.notice(one);
  const target = lane.open(resumed.cursor.log);
  const save = (cursor: Cursor): void => {
    // A fence: somebody who could not see us, such as another container, may have taken over.
    if (!lock.held()) throw new ShipFailure("lock_lost");
    writeCursor(path, cursor);
    lane.report.ok(cursor.next);
  };
  try {
    lane.report.at(resumed.cursor.next);
    if (breaks.length > 0) await deliver(lane, target, gaps(resumed.cursor.log, breaks), signals);
    // Also the place of a target that had none: what is deleted from here on, before it was sent, is a gap.
    if (breaks.length > 0 || stored === "missing") save(resumed.cursor);
    await follow(lane, target, resumed.cursor, save, signals);
  } catch (error) {
    if (!(error instanceof Restart)) throw error;
    // The next round resumes and finds why. Where it would find nothing, numbers are missing in the middle.
    const again = await lane.reader.resume(readCursor(path));
    if (again?.breaks.length === 0) throw new ShipFailure("damaged");
  } finally {
    target.close();
  }
}

async function follow(
  lane: Lane,
  target: Target,
  from: Cursor,
  save: (cursor: Cursor) => void,
  signals: LaneSignals,
): Promise<void> {
  let cursor = from;
  let most = target.batchRecords;
  for (;;) {
    const batch: Batch | undefined = await lane.reader.next(cursor, most);
    if (batch === undefined) {
      // Nothing is waiting for the target, so nothing is wrong with it that we know.
      lane.report.ok(cursor.next);
      if (signals.stop.aborted) return;
      await lane.wake.change(shipDefaults.pollMs, signals.stop);
    } else {
      const rejected = await deliver(lane, target, batch.items, signals);
      if (rejected === "too_large") {
        most = Math.ceil(batch.items.length / 2);
        continue;
      }
      if (rejected > 0) lane.report.notice({ code: "rejected", from: cursor.next, to: batch.after.next });
      save(batch.after);
      cursor = batch.after;
      if (batch.full) continue;
    }
    await pause(shipDefaults.lingerMs, signals.stop);
  }
}

/** Tries until the target has it. @throws {ShipFailure} only when told to give up */
async function deliver(
  { report }: Lane,
  target: Target,
  items: readonly Item[],
  { stop, abort }: LaneSignals,
): Promise<number | "too_large"> {
  for (let failures = 1; ; failures++) {
    try {
      return (await target.send(items, abort)).rejected;
    } catch (error) {
      if (abort.aborted) throw error;
      const code = failureCode(error);
      if (code === "http_413" && items.length > 1) return "too_large";
      report.failed(code);
      await pause(retryDelay(failures), stop.aborted ? abort : stop);
    }
  }
}

function gaps(log: string, breaks: readonly Break[]): readonly Item[] {
  return breaks.map(({ code, from, to }) => ({ kind: "gap", log, code, from, to }));
}
