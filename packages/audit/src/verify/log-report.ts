import { checkpointsName, segmentName } from "../folder/segment.ts";
import { checkKeys, isMissed } from "./check-keys.ts";
import type { FolderKeys } from "./keys.ts";
import { PRUNED_FILE } from "./pruned.ts";
import type { FirstBad, LogReport, VerifyStatus } from "./report.ts";
import { verifyDefaults } from "./verify-defaults.ts";
import type { LogCheck } from "./verify-log.ts";
import type { Walk } from "./walk.ts";

/** What the walk ended with. */
export interface Outcome {
  readonly firstBad: FirstBad | undefined;
  /** Why reading ended early. */
  readonly unreadable: string | undefined;
  readonly folder: FolderKeys;
}

/** The verdict over a log: what the walk found, and what only its end can tell. */
export function reportOf(walk: Walk, check: LogCheck, outcome: Outcome): LogReport {
  const { dir, chain, keys, anchors, signed, beyond } = walk;
  const from = walk.from;
  const empty = chain.head === undefined && outcome.firstBad === undefined && check.heads.length === 0;
  const unreadable = outcome.unreadable ?? (empty && beyond === undefined ? "there are no records" : undefined);
  const firstBad = outcome.firstBad ?? (unreadable === undefined ? checkWhole(walk, check, outcome.folder) : undefined);
  const shorterThan = largest(anchors.missing, beyond);
  const status: VerifyStatus =
    unreadable !== undefined ? "unreadable" : firstBad ? "tampered" : shorterThan !== undefined ? "shorter" : "intact";
  return {
    dir,
    status,
    logId: chain.logId,
    from,
    records: chain.next - from,
    head: chain.head,
    firstBad,
    checkpoints: walk.checkpoints,
    signed,
    unsigned: chain.next - Math.max(signed, from),
    keysFrom: check.keys ? "given" : outcome.folder.keys.length > 0 ? "folder" : "none",
    keys: keys.uses(),
    anchorsMatched: anchors.matched,
    shorterThan,
    unfinished: walk.intents.count(),
    unfinishedSeqs: walk.intents.oldest(),
    warnings: [
      ...(unreadable === undefined ? [] : [unreadable]),
      ...walk.warnings,
      ...keys.warnings,
      ...doubts(walk, check, outcome),
    ],
  };
}

/** What is wrong with a log each of whose records and checkpoints is good by itself. */
function checkWhole(walk: Walk, check: LogCheck, folder: FolderKeys): FirstBad | undefined {
  const { from, chain, pruned, signed } = walk;
  const file = checkpointsName(from);
  if (from > 0 && pruned.allowed < from) {
    const reason = `records 0 to ${from - 1} are missing, and no signed record says that the log deleted them: the first segments were removed`;
    return { file: segmentName(from), seq: 0, line: 1, reason };
  }
  if (pruned.unmet > 0) {
    const reason =
      "pruned.txt has checkpoints of segments that are neither deleted nor there: they were put in, or the log was rewritten";
    return { file: PRUNED_FILE, seq: from, line: 0, reason };
  }
  if (walk.beyond !== undefined && walk.checkpoints === 0) return undefined;
  const nothing = "nothing in this log is signed: its checkpoints were removed, or it was written without the key";
  const demanded = check.keys !== undefined || check.heads.length + check.notes.length > 0;
  if (walk.checkpoints === 0) {
    // An empty log is shorter than its anchors, which says more.
    if (chain.head === undefined || !(demanded || chain.next - from > check.maxUnsigned)) return undefined;
    return { file, seq: from, line: 0, reason: nothing };
  }
  const distrusted = checkKeys(walk, check, folder);
  if (distrusted) return distrusted;
  const reason = tooMuchUnsigned(walk, check);
  return reason === undefined ? undefined : { file, seq: signed, line: 0, reason };
}

function tooMuchUnsigned({ chain, signed, from, tail }: Walk, check: LogCheck): string | undefined {
  const unsigned = chain.next - Math.max(signed, from);
  const much =
    unsigned > check.maxUnsigned
      ? `a log leaves ${check.maxUnsigned} at most`
      : tail.ms > check.maxUnsignedMs
        ? `they took ${Math.round(tail.ms / 1000)} s, where a log signs within ${Math.round(check.maxUnsignedMs / 1000)}`
        : tail.starts > verifyDefaults.maxUnsignedStarts
          ? `the log was started ${tail.starts} times there, and each start signs`
          : undefined;
  return (
    much && `the last ${unsigned} records are not signed, and ${much}: checkpoints were cut off, or signing failed`
  );
}

/** What is no tampering but worth knowing. */
function doubts(walk: Walk, check: LogCheck, { folder, firstBad, unreadable }: Outcome): string[] {
  const { keys, anchors, open, checkpoints, chain } = walk;
  const out: string[] = [];
  if (unreadable !== undefined || chain.head === undefined) return out;
  if (open) out.push(`${open.file}: the checkpoint at the end of the segment is missing; the next start makes it`);
  if (checkpoints === 0)
    out.push("nothing is signed yet: whoever may write to the folder could have written all of it");
  else if (check.keys === undefined && folder.keys.length > 0) {
    out.push("the public key was taken from the folder itself: whoever may write there could have replaced it");
  }
  if (firstBad && checkpoints > 0 && !keys.trusted()) {
    out.push("what comes before is signed by no trusted key either, as far as it was read");
  }
  if (check.keys && folder.problem !== undefined) out.push(folder.problem);
  const used = keys.uses();
  const strange = folder.keys.filter(({ text }) => checkpoints > 0 && !used.some((use) => use.text === text));
  for (const { id } of strange) out.push(`signing.pub names the key ${id}, which has signed nothing in this log`);
  for (const key of check.keys === undefined ? [] : keys.idle()) {
    if (!check.everyKey || !isMissed(key, walk.from, check)) {
      out.push(`the key ${key.id} that was given has signed nothing in this log`);
    }
  }
  if (anchors.passed > 0) out.push(`${anchors.passed} anchor(s) speak of deleted records and cannot be compared`);
  return out;
}

function largest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
