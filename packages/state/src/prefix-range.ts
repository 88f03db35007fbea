/** From the first key wanted to the first one not wanted, as bytes. */
export interface KeyRange {
  readonly from: Buffer;
  readonly to: Buffer;
}

/**
 * The keys with a prefix that come after another key, as one range of bytes: no pattern, in which `%`, `_`, `*` or `[` could
 * mean something, and an index can walk it from end to end.
 */
export function prefixRange(prefix: string, after: string | undefined): KeyRange {
  const start = Buffer.from(prefix);
  // UTF-8 has no byte 0xFF: nothing comes after it, and every other last byte has a successor.
  const to = start.length === 0 ? Buffer.of(0xff) : Buffer.from(start);
  if (start.length > 0) to.writeUInt8(to.readUInt8(to.length - 1) + 1, to.length - 1);
  if (after === undefined) return { from: start, to };
  // Keys have no NUL, so this is the first text after `after`.
  const next = Buffer.from(`${after}\0`);
  return { from: next.compare(start) > 0 ? next : start, to };
}
