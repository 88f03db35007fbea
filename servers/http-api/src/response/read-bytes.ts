import { type UpstreamAnswer, UpstreamError } from "../model/exchange.ts";

/** What was read of a body. */
export interface ReadBytes {
  readonly bytes: Buffer;
  /** There was more, and it was not read. */
  readonly cut: boolean;
}

/**
 * Reads a body up to `maxBytes` and discards the rest. The upstream's own limit, which may come first, is the same cut.
 *
 * Pieces are copied into one buffer as they come: kept as they are, a body in chunks of one byte would cost a hundred times its size.
 *
 * @throws {UpstreamError} all but `too_large`
 */
export async function readBytes(answer: UpstreamAnswer, maxBytes: number): Promise<ReadBytes> {
  let buffer = Buffer.alloc(0);
  let length = 0;
  let cut = false;
  try {
    for await (const piece of answer.body) {
      cut = piece.byteLength > maxBytes - length;
      const kept = cut ? piece.subarray(0, maxBytes - length) : piece;
      if (buffer.length < length + kept.byteLength) buffer = grown(buffer, length, length + kept.byteLength, maxBytes);
      buffer.set(kept, length);
      length += kept.byteLength;
      if (cut) break;
    }
  } catch (error) {
    if (!(error instanceof UpstreamError && error.code === "too_large")) throw error;
    cut = true;
  }
  if (cut) await answer.discard();
  return { bytes: buffer.subarray(0, length), cut };
}

/** The first piece has room of its own size, since most bodies are one; then it doubles. */
function grown(buffer: Buffer, length: number, needed: number, most: number): Buffer<ArrayBuffer> {
  const next = Buffer.allocUnsafe(Math.min(Math.max(needed, buffer.length * 2), most));
  next.set(buffer.subarray(0, length));
  return next;
}
