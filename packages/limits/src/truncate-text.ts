/** Room for the mark with two numbers of sixteen digits. */
const MARK_BYTES = 64;

export interface TruncatedText {
  readonly text: string;
  readonly truncated: boolean;
  /** UTF-8 bytes of the text before it was cut. */
  readonly bytes: number;
}

/**
 * Cuts `text` so that it has at most `maxBytes` UTF-8 bytes, the visible mark of the cut included. A silent cut would let
 * a reader take a part for the whole. The cut falls between code points; a cluster such as an emoji sequence may be split.
 *
 * @param maxBytes at least 64, the room of the mark
 * @throws {RangeError} `maxBytes` below 64
 */
export function truncateText(text: string, maxBytes: number): TruncatedText {
  if (!(maxBytes >= MARK_BYTES)) throw new RangeError(`maxBytes must be at least ${MARK_BYTES}`);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { text, truncated: false, bytes };
  const room = new Uint8Array(Math.floor(maxBytes) - MARK_BYTES);
  const { read, written } = new TextEncoder().encodeInto(text, room);
  return {
    text: `${text.slice(0, read)}… [truncated: ${written} of ${bytes} bytes shown]`,
    truncated: true,
    bytes,
  };
}
