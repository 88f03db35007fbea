import { readSync, writeSync } from "node:fs";

/**
 * Frames over the child's own pipes: four bytes of length, then JSON. Read and written without the event loop, since a child does one
 * thing at a time and a blocking read costs a third of what a stream does.
 */
let held: Buffer = Buffer.alloc(64 * 1024);
let from = 0;
let to = 0;

/** @returns the next frame, or `undefined` where the parent has gone */
export function readFrame(): string | undefined {
  if (!fill(4)) {
    return undefined;
  }
  const length = held.readUInt32LE(from);
  from += 4;
  if (!fill(length)) {
    return undefined;
  }
  const text = held.toString("utf8", from, from + length);
  from += length;
  return text;
}

function fill(wanted: number): boolean {
  if (from === to) {
    from = to = 0;
  }
  if (from + wanted > held.length) {
    const next = from > 0 && wanted <= held.length ? held : Buffer.alloc(Math.max(wanted, held.length));
    held.copy(next, 0, from, to);
    held = next;
    to -= from;
    from = 0;
  }
  while (to - from < wanted) {
    const got = readSync(0, held, to, held.length - to, null);
    if (got === 0) {
      return false;
    }
    to += got;
  }
  return true;
}

export function writeFrame(json: string): void {
  const frame = Buffer.allocUnsafe(4 + Buffer.byteLength(json));
  frame.writeUInt32LE(frame.length - 4, 0);
  frame.write(json, 4);
  for (let sent = 0; sent < frame.length; ) {
    sent += writeSync(1, frame, sent);
  }
}
