import { readdirSync } from "node:fs";
import { listSegments, segmentName } from "../folder/segment.ts";
import type { VerifierKey } from "../note/verifier-key.ts";
import { anchorCheck } from "./anchor-check.ts";
import type { AnchorNote } from "./anchor-notes.ts";
import { checkBeyond } from "./check-checkpoint.ts";
import { checkSegment, type Pace } from "./check-segment.ts";
import { openCheckpoints } from "./checkpoint-cursor.ts";
import { keyChain } from "./key-chain.ts";
import { folderKeys } from "./keys.ts";
import { reportOf } from "./log-report.ts";
import type { Anchor, FirstBad, LogReport } from "./report.ts";
import { startWalk, type Visitor, type Walk } from "./walk.ts";

/** What one log is held against. */
export interface LogCheck {
  /** Undefined: take those of the folder. */
  readonly keys: readonly VerifierKey[] | undefined;
  /** Whether each of these keys must have signed something in this log; in one of several logs it need not. */
  readonly everyKey: boolean;
  readonly heads: readonly Anchor[];
  /** Of all logs; those of this one are picked by origin. */
  readonly notes: readonly AnchorNote[];
  readonly maxUnsigned: number;
  readonly maxUnsignedMs: number;
  readonly pace: Pace;
  readonly visitor?: Visitor | undefined;
}

/** Verifies the log whose segments are directly in `dir`. Never throws for what it finds there. */
export async function verifyOneLog(dir: string, check: LogCheck): Promise<LogReport> {
  const folder = folderKeys(dir);
  const trusted = check.keys ?? folder.keys;
  const keys = keyChain(trusted, check.keys ? "given" : "folder");
  for (const key of folder.keys) keys.hint(key);
  const anchorsOf = (origin: string | undefined) =>
    anchorCheck(
      check.heads,
      check.notes.filter((note) => note.origin === origin),
    );
  let firstBad: FirstBad | undefined;
  let unreadable: string | undefined;
  let walk = startWalk({ dir, keys, anchorsOf, visitor: check.visitor, from: 0 });
  try {
    const segments = listSegments(dir);
    walk = startWalk({ dir, keys, anchorsOf, visitor: check.visitor, from: segments[0]?.firstSeq ?? 0 });
    for (const [i, segment] of segments.entries()) {
      firstBad = await checkSegment(walk, segment, segments[i + 1], check.pace);
      if (firstBad) break;
    }
    firstBad ??= checkOrphans(walk, segments.at(-1)?.firstSeq ?? -1);
  } catch (error) {
    unreadable = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`;
  }
  return reportOf(walk, check, { firstBad, unreadable, folder });
}

/** Checkpoints of a segment that is not there: it was the newest, and all of it was cut off. */
function checkOrphans(walk: Walk, newest: number): FirstBad | undefined {
  const names = new Set(readdirSync(walk.dir));
  const orphans = [...names].filter((name) => {
    const [, from] = /^checkpoints-(\d{20})\.txt$/.exec(name) ?? [];
    // A server that runs may have begun a segment since the others were listed.
    return from !== undefined && Number(from) > newest && !names.has(segmentName(Number(from)));
  });
  for (const file of orphans.sort()) {
    const cursor = openCheckpoints(walk.dir, file);
    try {
      const bad = checkBeyond(walk, cursor);
      if (bad) return bad;
    } finally {
      cursor.close();
    }
  }
  return undefined;
}
