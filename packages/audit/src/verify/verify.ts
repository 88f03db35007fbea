import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AuditError } from "../errors.ts";
import { listSegments } from "../folder/segment.ts";
import type { Anchor, LogReport, VerifyReport, VerifyStatus } from "./report.ts";
import { verifyOneLog } from "./verify-log.ts";

/** Options of {@link verifyAuditLog}. */
export interface VerifyOptions {
  /** Heads noted earlier, off the machine. Only for a folder that is itself one log. */
  readonly anchors?: readonly Anchor[] | undefined;
  /** Called about every 50 ms. */
  readonly onProgress?: (() => void) | undefined;
}

const WORST_FIRST: readonly VerifyStatus[] = ["unreadable", "tampered", "shorter", "intact"];

/**
 * Verifies the log in `dir`, or every sub-log of it, from the first record to the last.
 *
 * Reads only; may run beside the server. Memory stays constant. Findings are in the report, never thrown.
 *
 * Finds every change to records short of writing the log anew. Without an anchor it cannot see that the end was cut
 * off, nor that somebody who may write to the folder rebuilt the whole chain: keep `head` somewhere else.
 *
 * @throws {AuditError} `invalid` for anchors on a folder of sub-logs: name the sub-log
 */
export async function verifyAuditLog(dir: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { anchors = [], onProgress } = options;
  const pace = async () => {
    onProgress?.();
    await setImmediate();
  };
  const slots = listSlots(dir);
  if (slots.length > 0 && anchors.length > 0) {
    throw new AuditError("invalid", "anchors name a record of one log; verify the sub-log, for example DIR/0");
  }
  const logs: LogReport[] = [];
  if (slots.length === 0 || listSegments(dir).length > 0) logs.push(await verifyOneLog(dir, anchors, pace));
  for (let slot = 0; slot <= (slots.at(-1) ?? -1); slot++) {
    const path = join(dir, String(slot));
    logs.push(slots.includes(slot) ? await verifyOneLog(path, [], pace) : missingSlot(path));
  }
  return {
    status: WORST_FIRST.find((status) => logs.some((log) => log.status === status)) ?? "unreadable",
    records: logs.reduce((sum, log) => sum + log.records, 0),
    logs,
  };
}

function listSlots(dir: string): number[] {
  try {
    return readdirSync(dir)
      .filter((name) => /^(0|[1-9]\d?)$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** A sub-log is made only when all before it exist, so a gap means that one was deleted. */
function missingSlot(dir: string): LogReport {
  const firstBad = { file: ".", seq: 0, line: 0, reason: "the sub-log is missing though a later one exists" };
  return {
    dir,
    status: "tampered",
    logId: undefined,
    records: 0,
    head: undefined,
    firstBad,
    unfinished: 0,
    unfinishedSeqs: [],
    warnings: [],
  };
}
