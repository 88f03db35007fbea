import { read, readSync } from "node:fs";
import type { OpenFile } from "@hardened-mcp/safe-path";

/** Up to this size a synchronous read costs less than handing the work to the thread pool (10 us against 60). */
const SYNC_BYTES = 64 * 1024;
/** One read of a large file; long enough to be fast, short enough for a cancel to be noticed. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads `length` bytes from `position`, fewer where the file ends. The size is bounded by the caller, never by the file:
 * a file that grows while it is read gains nothing.
 *
 * @param into where to put them, at least `length` long; default: a buffer of their own
 * @throws the signal's reason once it has aborted
 */
export async function readBytes(
  file: OpenFile,
  position: number,
  length: number,
  signal: AbortSignal,
  into?: Buffer,
): Promise<Buffer> {
  const buffer = into?.subarray(0, length) ?? Buffer.allocUnsafe(length);
  if (length <= SYNC_BYTES) return buffer.subarray(0, readFully(file, buffer, position));
  let filled = 0;
  while (filled < length) {
    signal.throwIfAborted();
    const count = await readChunk(file.fd, buffer, filled, Math.min(CHUNK_BYTES, length - filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** As {@link readBytes}, for a file small enough to be read at once. */
export function readSmall(file: OpenFile, length: number): Buffer | undefined {
  if (length > SYNC_BYTES) return undefined;
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readFully(file, buffer, 0));
}

/** Fills a buffer synchronously. @returns how many bytes the file had */
function readFully(file: OpenFile, buffer: Buffer, position: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(file.fd, buffer, filled, buffer.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readChunk(fd: number, buffer: Buffer, offset: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, offset, length, position, (error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
