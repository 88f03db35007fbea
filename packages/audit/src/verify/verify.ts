import { basename, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AuditError } from "../errors.ts";
import { listSegments } from "../folder/segment.ts";
import { listSlots } from "../folder/slots.ts";
import type { VerifierKey } from "../note/verifier-key.ts";
import type { AnchorNote } from "./anchor-notes.ts";
import { besideRetention } from "./beside-retention.ts";
import { checkFolder, markCopies } from "./check-folder.ts";
import { folderKeys, parseVerifierKeys } from "./keys.ts";
import type { Anchor, LogReport, VerifyReport, VerifyStatus } from "./report.ts";
import { verifyDefaults } from "./verify-defaults.ts";
import { type LogCheck, verifyOneLog } from "./verify-log.ts";

/** Options of {@link verifyAuditLog}. */
export interface VerifyOptions {
  /**
   * The public keys that the log must be signed with, oldest first: parsed, or as text, `NAME+ID+KEY` a line. Each must have
   * signed something. Default: `signing.pub` of the folder, which whoever may write there could have replaced.
   */
  readonly keys?: readonly VerifierKey[] | string | undefined;
  /**
   * What was noted off the machine: heads, only for a folder that is itself one log, and checkpoints, which are sorted out by
   * the log they name.
   */
  readonly anchors?: readonly (Anchor | AnchorNote)[] | undefined;
  /** Records that may follow the last checkpoint. Default 10,000. */
  readonly maxUnsigned?: number | undefined;
  /** For how long the log may have gone on since. Default 900,000; more for a log with a longer `checkpointMs`. */
  readonly maxUnsignedMs?: number | undefined;
  /** Called several times a second. */
  readonly onProgress?: (() => void) | undefined;
}

const WORST_FIRST: readonly VerifyStatus[] = ["unreadable", "tampered", "shorter", "intact"];

/**
 * Verifies the log in `dir`, or every sub-log of it, from the first record to the last.
 *
 * Reads only; may run beside the server. Memory stays constant. Findings are in the report, never thrown. What it checks is
 * in docs/audit/format.md, what a verdict means in docs/audit/verify.md.
 *
 * Without an anchor it cannot see that the newest records were cut off together with their checkpoints. Records after the
 * last checkpoint (`unsigned`) are covered by the chain alone, which anybody can redo.
 *
 * @throws {AuditError} `invalid`: text that is no key, or a head as an anchor for a folder of sub-logs: name the sub-log
 */
export async function verifyAuditLog(dir: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { anchors = [], onProgress } = options;
  const { maxUnsigned = verifyDefaults.maxUnsigned, maxUnsignedMs = verifyDefaults.maxUnsignedMs } = options;
  const keys = typeof options.keys === "string" ? parseVerifierKeys(options.keys) : options.keys;
  if (keys?.length === 0) throw new AuditError("invalid", "keys: there is no public key");
  const heads = anchors.filter((anchor): anchor is Anchor => !("note" in anchor));
  const notes = anchors.filter((anchor): anchor is AnchorNote => "note" in anchor);
  const slots = slotsOf(dir);
  if (slots.length > 0 && heads.length > 0) {
    throw new AuditError("invalid", "SEQ:HASH names a record of one log; verify the sub-log, for example DIR/0");
  }
  const pace = async () => {
    onProgress?.();
    await setImmediate();
  };
  // All slots up to the highest: one is made only when all before it exist.
  const dirs = Array.from({ length: (slots.at(-1) ?? -1) + 1 }, (_, slot) => join(dir, String(slot)));
  if (slots.length === 0 || listSegments(dir).length > 0) dirs.unshift(dir);
  const check: LogCheck = { keys, everyKey: dirs.length === 1, heads, notes, maxUnsigned, maxUnsignedMs, pace };
  const read: LogReport[] = [];
  for (const path of dirs) {
    const present = path === dir || slots.includes(Number(basename(path)));
    const verify = () => verifyOneLog(path, check);
    read.push(present ? await besideRetention(path, verify, ({ status }) => status === "intact") : missingSlot(path));
  }
  const logs = markCopies(read);
  const { status, problems, warnings } = checkFolder(logs, {
    given: keys,
    own: folderKeys(dir).keys,
    notes,
    shared: slots.length > 0,
  });
  const found = new Set([status, ...logs.map((log) => log.status)]);
  return {
    status: WORST_FIRST.find((one) => found.has(one)) ?? "unreadable",
    records: logs.reduce((sum, log) => sum + log.records, 0),
    logs,
    problems,
    warnings,
  };
}

/** A sub-log is made only when all before it exist, so a gap means that one was deleted. */
function missingSlot(dir: string): LogReport {
  const firstBad = { file: ".", seq: 0, line: 0, reason: "the sub-log is missing though a later one exists" };
  return {
    dir,
    status: "tampered",
    logId: undefined,
    from: 0,
    records: 0,
    head: undefined,
    firstBad,
    checkpoints: 0,
    signed: 0,
    unsigned: 0,
    keysFrom: "none",
    keys: [],
    anchorsMatched: 0,
    shorterThan: undefined,
    unfinished: 0,
    unfinishedSeqs: [],
    warnings: [],
  };
}

/** A folder that cannot be read is found unreadable as a log. */
function slotsOf(dir: string): number[] {
  try {
    return listSlots(dir);
  } catch {
    return [];
  }
}
