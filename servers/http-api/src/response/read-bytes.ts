import { type UpstreamAnswer, UpstreamError } from "../model/exchange.ts";

/** What was read of a body. */
export interface ReadBytes {
  readonly bytes: Buffer;
  /** There was more, and it was not read. */
  readonly cut: boolean;
}

/**
 * Reads a body up to `maxBytes` and discards the rest.
 *
 * No more than that is ever held: a piece is cut before it is kept. The upstream's own limit, which may come first, is the same cut.
 *
 * @throws {UpstreamError} all but `too_large`
 */
export async function readBytes(answer: UpstreamAnswer, maxBytes: number): Promise<ReadBytes> {
  const pieces: Uint8Array[] = [];
  let room = maxBytes;
  let cut = false;
  try {
    for await (const piece of answer.body) {
      cut = piece.byteLength > room;
      // A view of a longer piece would keep the whole of it.
      if (piece.byteLength > 0) pieces.push(cut ? Buffer.from(piece.subarray(0, room)) : piece);
      room -= piece.byteLength;
      if (cut) break;
    }
  } catch (error) {
    if (!(error instanceof UpstreamError && error.code === "too_large")) throw error;
    cut = true;
  }
  if (cut) await answer.discard();
  const only = pieces[0];
  const bytes =
    pieces.length === 1 && only !== undefined
      ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
      : Buffer.concat(pieces);
  return { bytes, cut };
}
