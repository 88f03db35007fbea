import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { refuseForeignFile } from "../../folder/folder.ts";
import { listSegments } from "../../folder/segment.ts";
import { checkLine, type ReadRecord } from "../../record/check-line.ts";
import type { Cursor } from "../cursor.ts";
import { shipDefaults } from "../ship-defaults.ts";
import { type Item, ShipFailure } from "../target/target.ts";
import { recordsIn } from "./newest.ts";
import { type Batch, type Reader, Restart } from "./reader.ts";
import { resumeRecords, startOf } from "./resume-records.ts";

interface OpenSegment {
  readonly file: string;
  readonly handle: FileHandle;
  /** Bytes known to be on disk. */
  durable: number;
}

/**
 * Reads the records of a log in order, over all its segments, each checked to follow the one before.
 *
 * A record is given out only once it is on disk. The page cache shows records that the writer has not synced yet; after a
 * power cut those are gone, others get their numbers, and the receiver would hold two records of one number and call it
 * forgery. So whatever is new is synced here too (fdatasync, which a file open for reading allows), once for all that is
 * there. A deleted segment stays readable while it is open.
 */
export function recordReader(dir: string): Reader {
  let current: OpenSegment | undefined;
  let buffer: Buffer | undefined;

  async function segment(file: string): Promise<OpenSegment> {
    if (current?.file === file) return current;
    await close();
    const path = join(dir, file);
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      current = { file, handle, durable: 0 };
    } catch (error) {
      // Deleted since: resuming finds what is left.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Restart();
      throw error;
    }
    refuseForeignFile(path, current.handle.fd);
    return current;
  }

  async function next(at: Cursor, maxItems: number): Promise<Batch | undefined> {
    // Before reading: a segment is left only when a later one had begun before its end was reached.
    const later = listSegments(dir).find(({ file }) => file > at.segment);
    const reading = await segment(at.segment);
    const { handle } = reading;
    const { size, nlink } = await handle.stat();
    if (size < at.offset) throw new Restart();
    if (size > reading.durable) {
      await handle.datasync();
      reading.durable = size;
    }
    if (size > at.offset) buffer ??= Buffer.alloc(1 + shipDefaults.batchBytes);
    const chunk = buffer ?? Buffer.alloc(1);
    // Not beyond `size`: what came since is not on disk yet.
    const room = Math.min(size - at.offset, chunk.length - 1);
    const { bytesRead } = await handle.read(chunk, 1, room, at.offset);
    const batch = take(chunk.subarray(0, 1 + bytesRead), at, maxItems);
    if (batch.items.length > 0) return batch;
    if (bytesRead === shipDefaults.batchBytes) throw new ShipFailure("damaged");
    if (later === undefined) {
      // Replaced by another file of its name: retention leaves a later segment behind.
      if (nlink === 0) throw await restarted();
      return undefined;
    }
    // Half a line before a later segment, or numbers left out: no writer of ours does that.
    if (bytesRead > 0) throw new ShipFailure("damaged");
    if (later.firstSeq !== at.next) throw new Restart();
    return next({ ...startOf(at.log, later), hash: at.hash }, maxItems);
  }

  async function close(): Promise<void> {
    await current?.handle.close();
    current = undefined;
    buffer = undefined;
  }

  async function restarted(): Promise<Restart> {
    await close();
    return new Restart();
  }

  return { resume: async (stored) => resumeRecords(dir, stored), next, newest: () => recordsIn(dir), close };
}

const LF = 0x0a;

/**
 * Whole lines of `chunk`, whose first byte is spare, up to one that does not follow.
 *
 * @throws {ShipFailure} `damaged`: already the first does not
 */
function take(chunk: Buffer, at: Cursor, maxItems: number): Batch {
  const items: Item[] = [];
  let after = at;
  for (let start = 1; items.length < maxItems; ) {
    const end = chunk.indexOf(LF, start);
    if (end === -1) break;
    const checked = checkLine(chunk, start, end);
    if ("reason" in checked || !follows(checked.record, after)) {
      if (items.length === 0) throw new ShipFailure("damaged");
      return { items, after, full: true };
    }
    const { log, seq, hash } = checked.record;
    items.push({ kind: "record", log, seq, hash, line: chunk.toString("latin1", start, end) });
    after = { ...after, next: seq + 1, hash, offset: after.offset + end - start + 1 };
    start = end + 1;
  }
  return { items, after, full: items.length === maxItems || chunk.length > shipDefaults.batchBytes };
}

function follows({ log, seq, prev }: ReadRecord, { log: own, next, hash }: Cursor): boolean {
  return log === own && seq === next && (hash === undefined || prev === hash);
}
