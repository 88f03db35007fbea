/** Encodings that switch their alphabet inside of a text, so that what a filter sees as letters are other characters to the reader. */
const STATEFUL = /^(?:iso-2022|hz-|utf-7|replacement|x-user-defined)/;

/** Whole texts leave nothing in it for the next one, and nearly all are of this charset. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Bytes as text; `undefined` where the charset is not known or the bytes are not of it.
 *
 * @param charset of the media type; default UTF-8. A byte order mark is dropped
 * @param cut the bytes may end inside of a character
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined, cut: boolean): string | undefined {
  const label = charset ?? "utf-8";
  if (STATEFUL.test(label)) return undefined;
  try {
    if (label === "utf-8" && !cut) return UTF8.decode(bytes);
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return undefined;
  }
}
