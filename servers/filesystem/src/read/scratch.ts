/** Buffers kept for the next reader, and the largest one that is kept, in bytes. */
const MAX_KEPT = 4;
const MAX_KEPT_BYTES = 2 * 1024 * 1024;

const kept: Buffer[] = [];

/**
 * Lends a buffer of at least `length` bytes for as long as `use` runs. A buffer of its own for each large read is garbage
 * that waits for the collector outside the heap, a megabyte a call. What it held before is never seen: a reader gets only
 * the bytes that it has read.
 */
export async function withScratch<T>(length: number, use: (buffer: Buffer) => Promise<T>): Promise<T> {
  const at = kept.findIndex((buffer) => buffer.length >= length);
  const [buffer = Buffer.allocUnsafeSlow(length)] = at < 0 ? [] : kept.splice(at, 1);
  try {
    return await use(buffer);
  } finally {
    if (buffer.length <= MAX_KEPT_BYTES && kept.length < MAX_KEPT) kept.push(buffer);
  }
}
