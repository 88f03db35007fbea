import { fstatSync } from "node:fs";
import type { UnfinishedCall } from "../audit-log.ts";
import { auditDefaults } from "../defaults.ts";
import { AuditError } from "../errors.ts";
import { isLineStart, lineAt } from "../folder/line-at.ts";
import { readLines } from "../folder/read-lines.ts";
import type { OpenSegment, Segment } from "../folder/segment.ts";
import { checkLine, isTornTail, type ReadRecord } from "../record/check-line.ts";
import { createFrontier, type Frontier, rootOf } from "../tree/frontier.ts";
import type { Hash } from "../tree/node-hash.ts";
import { parseEdge } from "./edge.ts";
import type { LogHead } from "./head-file.ts";
import { type OpenIntents, openIntents } from "./intents.ts";
import type { FoundCheckpoint } from "./newest-checkpoint.ts";
import { parseRecord, type WholeRecord } from "./whole-record.ts";

/** Where a log stands. */
export interface Standing {
  /** The newest complete record; undefined in a log that never got one. */
  readonly last: ReadRecord | undefined;
  /** Bytes of the complete records of the newest segment. */
  readonly size: number;
  /** Bytes after them, left by a crash. */
  readonly tornBytes: number;
  /** The tree over all records. */
  readonly frontier: Frontier;
  /** Intents without outcome that no start has reported. */
  readonly open: OpenIntents;
  /** Time of the newest segment's first record, milliseconds since 1970. */
  readonly segmentSince: number;
  /** The newest segment was made, and a crash came before its first record. */
  readonly emptySegment: boolean;
  /** Root of the tree at the beginning of each segment that was read, by its first number. */
  readonly roots: ReadonlyMap<number, Hash>;
  /** Whether there are records of anybody but the log itself. */
  readonly used: boolean;
  /** The key that a change of keys led to, where no checkpoint covers it yet. */
  readonly rotatedTo: string | undefined;
}

/** A segment that is open to be read. */
export interface Readable extends OpenSegment {
  readonly segment: Segment;
}

/**
 * Reads a log from its newest checkpoint to its end, checks that what stands there is what was signed, and finds out where
 * to go on. The whole log is for `audit verify`: at 6 us a record, checking a gigabyte would keep a server from starting for
 * 10 seconds.
 *
 * @param readables the segment in whose file the checkpoint stands, and all after it; without a checkpoint, all
 * @param hint believed where it agrees with the checkpoint: it saves reading that segment from its beginning
 * @throws {AuditError} `damaged`
 */
export function recover(
  readables: readonly Readable[],
  checkpoint: FoundCheckpoint | undefined,
  hint: LogHead | undefined,
): Standing {
  const usable = hint !== undefined && agrees(hint, checkpoint, readables) ? hint : undefined;
  // Calls that began before what is read now are known from the hint alone; how they ended stands in what is read.
  const from = usable?.size ?? readables[0]?.segment.firstSeq ?? 0;
  const earlier = hint?.open.filter(({ seq }) => seq < from) ?? [];
  const reader = createReader(readables, checkpoint, usable, earlier);
  for (const readable of readables) reader.read(readable);
  return reader.standing();
}

function agrees(hint: LogHead, checkpoint: FoundCheckpoint | undefined, readables: readonly Readable[]): boolean {
  const [first] = readables;
  if (checkpoint === undefined || first === undefined || hint.log !== checkpoint.origin) return false;
  if (hint.size !== checkpoint.size || hint.segment !== first.segment.firstSeq) return false;
  const { size } = fstatSync(first.fd);
  if (hint.offset > size || !isLineStart(first.fd, hint.offset)) return false;
  if (hint.offset < size && parseRecord(lineAt(first.fd, hint.offset))?.seq !== hint.size) return false;
  try {
    // Throws where the number of nodes does not fit; a root alone would not tell.
    return rootOf(createFrontier(hint.size, hint.nodes).nodes()) === checkpoint.root;
  } catch {
    return false;
  }
}

function createReader(
  readables: readonly Readable[],
  checkpoint: FoundCheckpoint | undefined,
  hint: LogHead | undefined,
  earlier: readonly UnfinishedCall[],
) {
  const open = openIntents(earlier);
  let frontier: Frontier | undefined = hint && createFrontier(hint.size, hint.nodes);
  let last: ReadRecord | undefined;
  let size = 0;
  let tornBytes = 0;
  let segmentSince = Date.now();
  let used = false;
  let emptySegment = false;
  const roots = new Map<number, Hash>();
  let rotatedTo: string | undefined;

  function read(readable: Readable): void {
    const { fd, path, segment } = readable;
    const newest = readable === readables.at(-1);
    const first = parseRecord(lineAt(fd, 0));
    if (first !== undefined) segmentSince = Date.parse(first.ts);
    emptySegment = first === undefined && newest && segment.firstSeq > 0 && frontier?.size === segment.firstSeq;
    if (!emptySegment) frontier = beginWith(edgeBefore(segment, first, path), path);
    if (frontier?.size === segment.firstSeq) roots.set(segment.firstSeq, frontier.root());
    const from = hint !== undefined && readable === readables[0] ? startOf(fd, hint.offset) : 0;
    size = from;
    for (const { kind, buffer, start, end } of readLines(fd, from)) {
      if (kind === "too_long") throw damaged(path, "a line is longer than any record");
      if (kind === "tail") {
        if (!newest) throw damaged(path, "it ends within a record, though another segment follows");
        if (!isTornTail(buffer.subarray(start - 1, end))) throw damaged(path, "bytes follow the last record");
        tornBytes = end - start;
        continue;
      }
      const text = buffer.toString("latin1", start, end);
      const line = checkLine(buffer, start, end);
      if ("reason" in line) throw damaged(path, line.reason);
      follow(line.record, path);
      see(text, line.record);
      size += end - start + 1;
    }
  }

  /** What a segment says of the tree before it is what was found there, if that was read. */
  function beginWith(edge: Frontier, path: string): Frontier {
    if (frontier?.size === edge.size && frontier.root() !== edge.root()) {
      throw damaged(path, "it does not begin with the edge of the records before it");
    }
    return frontier ?? edge;
  }

  function follow(record: ReadRecord, path: string): void {
    const tree = frontier ?? createFrontier();
    if (last && (record.prev !== last.hash || record.seq !== last.seq + 1 || record.log !== last.log)) {
      throw damaged(path, `record ${record.seq} does not follow record ${last.seq}`);
    }
    last = record;
    // Records before the hint were folded into it; they are read for their chain alone.
    if (record.seq < tree.size) return;
    if (record.seq !== tree.size) throw damaged(path, `record ${tree.size} is missing`);
    tree.append(record.hash);
    if (tree.size === checkpoint?.size && tree.root() !== checkpoint.root) {
      throw damaged(path, "the records are not the ones that were signed: the log was rewritten");
    }
  }

  function see(text: string, { type, ref, seq }: ReadRecord): void {
    if (hint !== undefined && seq < hint.size) return;
    used ||= !type.startsWith("log.");
    const whole = type === "call.intent" || type === "log.key_rotated" ? parseRecord(text) : undefined;
    open.see(type, ref, seq, whole?.tool);
    if (type === "log.key_rotated" && seq >= (checkpoint?.size ?? 0)) rotatedTo = String(whole?.detail?.["new"]);
  }

  function standing(): Standing {
    const tree = frontier ?? createFrontier();
    const path = readables.at(-1)?.path ?? "";
    const records = last === undefined ? 0 : last.seq + 1;
    if (checkpoint !== undefined && records < checkpoint.size) {
      throw damaged(path, "the log is shorter than its last checkpoint: its end was cut off");
    }
    if (checkpoint !== undefined && last !== undefined && last.log !== checkpoint.origin) {
      throw damaged(path, "the checkpoints are another log's");
    }
    return { last, size, tornBytes, frontier: tree, open, segmentSince, emptySegment, roots, used, rotatedTo };
  }

  return { read, standing };
}

/** The tree before a segment: nothing, or what its first record says; the checkpoint that is passed later confirms it. */
function edgeBefore({ firstSeq }: Segment, first: WholeRecord | undefined, path: string): Frontier {
  if (firstSeq === 0) return createFrontier();
  const edge = first?.type === "log.segment" ? parseEdge(first.detail ?? {}) : undefined;
  if (edge?.size !== firstSeq) throw damaged(path, "it does not begin with the edge of the tree before it");
  return edge;
}

/** At least the last 64 KiB are read, whatever the hint says, from the beginning of a line. */
function startOf(fd: number, offset: number): number {
  const from = Math.min(offset, fstatSync(fd).size - auditDefaults.startCheckBytes);
  if (from <= 0) return 0;
  if (isLineStart(fd, from)) return from;
  const rest = lineAt(fd, from);
  return rest === undefined ? 0 : from + rest.length + 1;
}

function damaged(path: string, reason: string): AuditError {
  return new AuditError(
    "damaged",
    `${path}: ${reason}. Run "hardened-mcp audit verify" on its folder, keep the folder as evidence, and start with a new one`,
  );
}
