import { setImmediate } from "node:timers/promises";
import { AuditError } from "../errors.ts";
import { signatureLine } from "../note/note.ts";
import type { VerifierKey } from "../note/verifier-key.ts";
import { includes, isConsistent } from "../tree/proof.ts";
import { consistencyRanges, inclusionRanges } from "../tree/ranges.ts";
import type { AnchorNote } from "../verify/anchor-notes.ts";
import { besideRetention } from "../verify/beside-retention.ts";
import { parseVerifierKeys } from "../verify/keys.ts";
import type { LogReport } from "../verify/report.ts";
import { verifyDefaults } from "../verify/verify-defaults.ts";
import { verifyOneLog } from "../verify/verify-log.ts";
import { firstCovering, newestCheckpoint, segmentsToProve } from "./covering.ts";
import { rangeRoots } from "./range-roots.ts";
import type { RecordProof } from "./record-proof.ts";

/** Options of {@link proveRecord}. */
export interface ProveOptions {
  /** As for `verifyAuditLog`. */
  readonly keys?: readonly VerifierKey[] | string | undefined;
  /**
   * Checkpoints that were kept elsewhere; from the last one of this log on it is proved that nothing was rewritten. Default:
   * the log's own first checkpoint that speaks of the record.
   */
  readonly from?: readonly AnchorNote[] | undefined;
  /** As for `verifyAuditLog`. */
  readonly maxUnsigned?: number | undefined;
  readonly maxUnsignedMs?: number | undefined;
}

/**
 * Proves that record `seq` stands in the log in `dir`: up to the newest checkpoint, and from the first one that speaks of it
 * (or `from`) to the newest. Verifies the log on the way, in one pass and in constant memory; a log that is not intact
 * proves nothing.
 *
 * @throws {AuditError} `invalid`: there is no such record, it was deleted, no checkpoint speaks of it yet, or `from` has
 * none of this log, or one that is newer
 * @throws {AuditError} `damaged`: the log is not intact
 */
export async function proveRecord(dir: string, seq: number, options: ProveOptions = {}): Promise<RecordProof> {
  const keys = typeof options.keys === "string" ? parseVerifierKeys(options.keys) : options.keys;
  if (!Number.isSafeInteger(seq) || seq < 0) throw new AuditError("invalid", "a record is named by its number, from 0");
  const attempt = () => proveOnce(dir, seq, { ...options, keys }).catch(damaged);
  const proof = await besideRetention(dir, attempt, (result) => !(result instanceof AuditError));
  if (proof instanceof AuditError) throw proof;
  return proof;
}

/** Only what a log that changes meanwhile can cause is worth another attempt. */
function damaged(error: unknown): AuditError {
  if (error instanceof AuditError && error.code === "damaged") return error;
  throw error;
}

async function proveOnce(
  dir: string,
  seq: number,
  options: ProveOptions & { readonly keys: readonly VerifierKey[] | undefined },
): Promise<RecordProof> {
  const segments = segmentsToProve(dir);
  const start = segments[0]?.firstSeq ?? 0;
  if (seq < start) throw new AuditError("invalid", `record ${seq} was deleted; the log begins at record ${start}`);
  const newest = newestCheckpoint(dir, segments);
  if (newest === undefined || newest.anchor.size <= seq) {
    throw new AuditError(
      "invalid",
      `no checkpoint speaks of record ${seq} yet: it does not exist, or was not signed yet`,
    );
  }
  const to = newest.anchor;
  const kept = options.from?.findLast(({ origin }) => origin === to.origin);
  if (options.from && !kept) throw new AuditError("invalid", "none of the checkpoints to start from is of this log");
  const first = kept ? { anchor: kept, text: noteText(kept) } : (firstCovering(dir, segments, seq) ?? newest);
  const from = first.anchor;
  if (from.size > to.size || from.size === 0) {
    throw new AuditError(
      "invalid",
      `the checkpoint to start from is of size ${from.size}, the log's newest of ${to.size}`,
    );
  }

  const up = rangeRoots(inclusionRanges(seq, to.size));
  const on = rangeRoots(consistencyRanges(from.size, to.size));
  let record: { readonly line: string; readonly hash: string } | undefined;
  let impossible: unknown;
  const report = await verifyOneLog(dir, {
    keys: options.keys,
    everyKey: true,
    heads: [],
    notes: [to, from],
    maxUnsigned: options.maxUnsigned ?? verifyDefaults.maxUnsigned,
    maxUnsignedMs: options.maxUnsignedMs ?? verifyDefaults.maxUnsignedMs,
    pace: () => setImmediate(),
    visitor: {
      begin(at, edge) {
        try {
          up.begin(at, edge);
          on.begin(at, edge);
        } catch (error) {
          impossible = error;
        }
      },
      leaf(at, hash, line) {
        up.leaf(at, hash);
        on.leaf(at, hash);
        if (at === seq) record = { line: line(), hash };
      },
    },
  });
  refuseUnlessIntact(report);
  if (impossible !== undefined) throw impossible;
  const [path, continued] = [up.roots(), on.roots()];
  if (
    record === undefined ||
    path === undefined ||
    continued === undefined ||
    !includes(record.hash, seq, to.size, path, to.root) ||
    !isConsistent(from.size, to.size, from.root, to.root, continued)
  ) {
    throw new AuditError("damaged", "the log changed while the proof was made; try again");
  }
  return {
    format: "hardened-mcp audit proof v1",
    log: to.origin,
    seq,
    record: record.line,
    inclusion: { checkpoint: newest.text, hashes: path.map(base64) },
    consistency: { checkpoint: first.text, hashes: continued.map(base64) },
    keys: report.keys.map(({ text }) => text),
  };
}

function refuseUnlessIntact({ status, firstBad, shorterThan, warnings }: LogReport): void {
  if (status === "intact") return;
  const why = firstBad
    ? `record ${firstBad.seq}: ${firstBad.reason}`
    : shorterThan !== undefined
      ? `it once had ${shorterThan} records`
      : (warnings[0] ?? "");
  throw new AuditError("damaged", `the log is ${status}, and proves nothing: ${why}`);
}

function noteText({ note }: AnchorNote): string {
  return `${note.text}\n${note.signatures.map((one) => signatureLine(one, one.signature)).join("")}`;
}

function base64(hash: string): string {
  return Buffer.from(hash, "base64url").toString("base64");
}
