/** One line, or the news that one was too long and has been thrown away. */
export type Line = { readonly kind: "line"; readonly bytes: Buffer } | { readonly kind: "too_long" };

/**
 * Cuts a byte stream into lines (spec: basic/transports/stdio). Every byte is looked at once; a line over `maxBytes` is
 * dropped as it comes in, so that memory stays bounded, and the stream goes on with the next one.
 */
export function createLineReader(maxBytes: number, onLine: (line: Line) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let dropping = false;

  function take(part: Buffer): void {
    if (dropping) return;
    held += part.length;
    if (held > maxBytes) {
      parts = [];
      held = 0;
      dropping = true;
      return;
    }
    if (part.length > 0) parts.push(part);
  }

  function end(): void {
    const line: Line = dropping
      ? { kind: "too_long" }
      : { kind: "line", bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts) };
    parts = [];
    held = 0;
    dropping = false;
    onLine(line);
  }

  return function read(chunk) {
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(0x0a, from);
      if (newline === -1) break;
      take(chunk.subarray(from, newline));
      end();
      from = newline + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  };
}
