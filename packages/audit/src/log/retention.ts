import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { appendNote } from "../folder/append-note.ts";
import { syncFolder } from "../folder/folder.ts";
import { lineAt } from "../folder/line-at.ts";
import { checkpointsName, listSegments, type Segment } from "../folder/segment.ts";
import { type Checkpoint, parseCheckpoint } from "../note/checkpoint.ts";
import { parseNote } from "../note/note.ts";
import { lastNoteOf } from "./newest-checkpoint.ts";
import { parseRecord } from "./whole-record.ts";

/** How much is kept; infinite: everything. */
export interface Keep {
  readonly keepSegments: number;
  readonly keepBytes: number;
  readonly keepMs: number;
}

/** Segments that may go. */
export interface Pruning {
  readonly segments: readonly Segment[];
  readonly why: "age" | "count" | "size";
  /** First number that is deleted, and first that is kept. */
  readonly from: number;
  readonly to: number;
  /** The checkpoint at `to`. */
  readonly checkpoint: Checkpoint;
  /** The last note of each segment, oldest first. */
  readonly notes: readonly string[];
}

export const PRUNED = "pruned.txt";

/**
 * What has to go, oldest first; undefined: nothing. Only whole segments, never the newest, and only those whose end was
 * signed: without that, nobody could prove later how much there had been.
 *
 * Records that wait to be shipped are kept, unless it is size that is short: a collector that is away must not fill the disk.
 */
export function findPrunable(dir: string, keep: Keep): Pruning | undefined {
  if (Object.values(keep).every((bound) => bound === Number.POSITIVE_INFINITY)) return undefined;
  const segments = listSegments(dir);
  const sizes = segments.map(({ file }) => statSync(join(dir, file)).size);
  const shipped = leastShipped(dir);
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  let found: Pruning | undefined;
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1];
    if (next === undefined) break;
    const why = reason(keep, { bytes, left: segments.length - i, endedMs: () => startOf(dir, next) });
    if (why === undefined || (why !== "size" && next.firstSeq > shipped)) break;
    const end = endCheckpoint(dir, segment, next.firstSeq);
    if (end === undefined) break;
    found = {
      segments: [...(found?.segments ?? []), segment],
      notes: [...(found?.notes ?? []), end.note],
      why,
      from: segments[0]?.firstSeq ?? 0,
      to: next.firstSeq,
      checkpoint: end.checkpoint,
    };
    bytes -= sizes[i] ?? 0;
  }
  return found;
}

function reason(
  keep: Keep,
  now: { readonly bytes: number; readonly left: number; endedMs(): number },
): Pruning["why"] | undefined {
  if (now.bytes > keep.keepBytes) return "size";
  if (now.left > keep.keepSegments) return "count";
  if (keep.keepMs !== Number.POSITIVE_INFINITY && Date.now() - now.endedMs() > keep.keepMs) return "age";
  return undefined;
}

/** When a segment began is when the one before it ended. */
function startOf(dir: string, { file }: Segment): number {
  const fd = openSync(join(dir, file), "r");
  try {
    return Date.parse(parseRecord(lineAt(fd, 0))?.ts ?? "") || Date.now();
  } finally {
    closeSync(fd);
  }
}

function endCheckpoint(
  dir: string,
  { firstSeq }: Segment,
  to: number,
): { readonly checkpoint: Checkpoint; readonly note: string } | undefined {
  const note = lastNoteOf(join(dir, checkpointsName(firstSeq)));
  const checkpoint = parseCheckpoint((note === undefined ? undefined : parseNote(note))?.text ?? "");
  return note !== undefined && checkpoint?.size === to ? { checkpoint, note } : undefined;
}

/** The number up to which every target has everything. */
function leastShipped(dir: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (const name of readdirSync(dir).filter((one) => /^ship-.*\.json$/.test(one))) {
    least = Math.min(least, shippedBy(join(dir, name)));
  }
  return least;
}

/** A cursor that cannot be read may be one that has nothing yet. */
function shippedBy(path: string): number {
  try {
    const { next } = JSON.parse(readFileSync(path, "utf8")) as { next?: unknown };
    return typeof next === "number" ? next : Number.POSITIVE_INFINITY;
  } catch {
    return 0;
  }
}

/** Deletes what a `log.pruned` record on disk has announced. The proof of what was there is on disk before it goes. */
export async function prune(dir: string, { segments, notes }: Pruning): Promise<void> {
  // A crash may have come between this and the deletion: what is kept already is not kept twice.
  const kept = sizeOf(lastNoteOf(join(dir, PRUNED)));
  for (const note of notes) if (sizeOf(note) > kept) await appendNote(join(dir, PRUNED), note);
  for (const { file, firstSeq } of segments) {
    rmSync(join(dir, file), { force: true });
    rmSync(join(dir, checkpointsName(firstSeq)), { force: true });
  }
  syncFolder(dir);
}

function sizeOf(note: string | undefined): number {
  return parseCheckpoint(parseNote(note ?? "")?.text ?? "")?.size ?? -1;
}
