import { existsSync } from "node:fs";
import { join } from "node:path";
import { AuditError } from "../../errors.ts";
import { secureFolder } from "../../folder/folder.ts";
import { type Lock, takeLock } from "../../folder/lock.ts";
import type { PlannedTarget } from "../options/plan.ts";
import type { Reader } from "../read/reader.ts";
import { shipDefaults } from "../ship-defaults.ts";
import { failureCode, type Target } from "../target/target.ts";
import type { LaneReport } from "./lane-report.ts";
import { retryDelay } from "./retry-delay.ts";
import { shipLog } from "./ship-log.ts";
import { pause, type Wake } from "./wake.ts";

/** One log on its way to one target. */
export interface Lane {
  readonly dir: string;
  readonly target: PlannedTarget;
  readonly reader: Reader;
  readonly wake: Wake;
  readonly report: LaneReport;
  open(logId: string): Target;
}

/** `stop`: send what is there and end. `abort`: end now. */
export interface LaneSignals {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
}

/** Runs until it is stopped. Whatever goes wrong is reported and tried again: sending never ends by itself. */
export async function runLane(lane: Lane, signals: LaneSignals): Promise<void> {
  let failures = 0;
  do {
    try {
      await withLock(lane, signals);
      failures = 0;
    } catch (error) {
      if (signals.abort.aborted) break;
      lane.report.failed(failureCode(error));
      failures++;
    }
    await pause(failures === 0 ? shipDefaults.rescanMs : retryDelay(failures), signals.stop);
  } while (!signals.stop.aborted);
  lane.report.stopped();
}

/** One process ships a log to a target. Others wait for its lock, and go on where it ended. */
async function withLock(lane: Lane, signals: LaneSignals): Promise<void> {
  // Checking makes a folder that is missing, and a log that was deleted is not to come back empty.
  if (!existsSync(lane.dir)) {
    lane.report.waiting();
    return;
  }
  // Who may change the log may also put records in that its writer never wrote.
  secureFolder(lane.dir);
  let lock: Lock;
  try {
    lock = takeLock(join(lane.dir, `ship-${lane.target.name}.lock`));
  } catch (error) {
    if (!(error instanceof AuditError && error.code === "locked")) throw error;
    lane.report.elsewhere();
    return;
  }
  try {
    await shipLog(lane, lock, signals);
  } finally {
    await lane.reader.close();
    lock.release();
  }
}
