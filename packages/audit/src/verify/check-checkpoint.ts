import { type CheckpointCursor, openCheckpoints } from "./checkpoint-cursor.ts";
import type { FirstBad } from "./report.ts";
import type { Walk } from "./walk.ts";

/** The checkpoints that are due now that the tree has grown; `from` is the segment's first number. */
export function checkDue(walk: Walk, cursor: CheckpointCursor, from: number): FirstBad | undefined {
  const size = walk.tree?.size ?? 0;
  while (cursor.size <= size) {
    const reason = checkOne(walk, cursor, from);
    if (reason !== undefined) return badAt(walk, cursor, reason);
    const open = openEnd(walk);
    if (open) return open;
    walk.checkpoints++;
    walk.firstSigned ??= badAt(walk, cursor, "");
    walk.signed = size;
    walk.pruned.signed();
    walk.tail.signed();
    cursor.advance();
  }
  return undefined;
}

/** What can be relied on ends at the last good checkpoint. */
function badAt({ signed, chain }: Walk, { file, next }: CheckpointCursor, reason: string): FirstBad {
  return { file, seq: Math.min(signed, chain.next), line: next?.line ?? 0, reason };
}

function checkOne(walk: Walk, { next }: CheckpointCursor, from: number): string | undefined {
  const { tree, chain, signed, keys } = walk;
  if (next?.content === undefined) return "the checkpoint was changed: it is none any more";
  const { checkpoint, note } = next.content;
  if (checkpoint.origin !== chain.logId) return "the checkpoint belongs to another log";
  if (checkpoint.size <= from) return "the checkpoint belongs to an earlier segment: it was moved";
  if (checkpoint.size !== tree?.size || checkpoint.size <= signed) {
    return "the checkpoints are not in order: one was moved or doubled";
  }
  const reason = keys.accept(note, checkpoint.size);
  if (reason !== undefined) return reason;
  if (checkpoint.root === tree.root()) return undefined;
  const first = Math.max(signed, from);
  return `records ${first} to ${checkpoint.size - 1} are not those that were signed: they were chained anew without the key`;
}

/**
 * The end of a segment's checkpoints, once its records are read.
 *
 * @param following first number of the next segment; undefined for the newest
 */
export function checkEnd(walk: Walk, cursor: CheckpointCursor, following: number | undefined): FirstBad | undefined {
  const size = walk.tree?.size ?? 0;
  const bad = (reason: string): FirstBad => badAt(walk, cursor, reason);
  if (cursor.next !== undefined) {
    if (following !== undefined) return bad("the checkpoint speaks of records beyond its segment");
    return checkBeyond(walk, cursor);
  }
  const { bytes, torn } = cursor.rest(walk.chain.logId ?? "");
  const ended = walk.signed === size;
  if (bytes > 0 && !torn) return bad("bytes follow the last checkpoint");
  if (bytes > 0) walk.warnings.push(`${bytes} bytes of an unfinished checkpoint at the end of ${cursor.file}: a crash`);
  if (following === undefined || ended) return undefined;
  // Not the newest segment, and not signed to its end.
  const open = openEnd(walk);
  if (open) return open;
  const reason = cursor.exists
    ? "the checkpoint at the end of the segment is missing, though the log went on: it was removed"
    : "the segment's checkpoints are missing, though the log went on: they were removed";
  walk.open = { bad: bad(reason), file: cursor.file, size, root: walk.tree?.root() ?? "", restarted: false };
  return undefined;
}

/** What is bad about a segment's end that is still not signed. A server that runs may have signed it since it was read. */
export function openEnd(walk: Walk): FirstBad | undefined {
  const { dir, open, keys } = walk;
  if (open === undefined) return undefined;
  const cursor = openCheckpoints(dir, open.file);
  try {
    for (; cursor.next !== undefined; cursor.advance()) {
      const { content } = cursor.next;
      const { size, root } = content?.checkpoint ?? {};
      if (content && size === open.size && root === open.root && keys.vouches(content.note)) {
        walk.open = undefined;
        return undefined;
      }
    }
  } finally {
    cursor.close();
  }
  return open.bad;
}

/** Records are on disk before they are signed: a checkpoint of more shows that the end was cut off. */
export function checkBeyond(walk: Walk, cursor: CheckpointCursor): FirstBad | undefined {
  for (; cursor.next !== undefined; cursor.advance()) {
    const { content, old } = cursor.next;
    // Written since the reading began, as its records were.
    if (!old) return undefined;
    if (content === undefined) return badAt(walk, cursor, "the checkpoint was changed: it is none any more");
    if (walk.chain.logId !== undefined && content.checkpoint.origin !== walk.chain.logId) {
      return badAt(walk, cursor, "the checkpoint belongs to another log");
    }
    if (!walk.keys.vouches(content.note)) {
      return badAt(walk, cursor, "the checkpoint is not signed by the key in use: forged with another key");
    }
    if (content.checkpoint.size <= Math.max(walk.signed, walk.beyond ?? 0)) {
      return badAt(walk, cursor, "the checkpoints are not in order: one was moved or doubled");
    }
    walk.beyond = content.checkpoint.size;
  }
  return undefined;
}
