/** A part of a text, and where the next one begins. */
export interface TextPart {
  readonly text: string;
  readonly nextOffset: number | undefined;
}

const encoder = new TextEncoder();

/**
 * As much of a text from `offset` on as fits into `maxBytes` of UTF-8; a character is never cut in two, and at least one is given.
 *
 * @param offset UTF-16 units, as `nextOffset` gave them
 */
export function textPart(text: string, offset: number, maxBytes: number): TextPart {
  // One more than could fit, so that the end is no half of a pair.
  const rest = text.slice(offset, offset + maxBytes + 1);
  const { read } = encoder.encodeInto(rest, new Uint8Array(maxBytes));
  const end = offset + Math.max(read, firstLength(rest));
  return { text: text.slice(offset, end), nextOffset: end < text.length ? end : undefined };
}

function firstLength(text: string): number {
  const [first = ""] = text;
  return first.length;
}
