import { closeSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { openPlain } from "../../folder/notes.ts";
import { listSegments } from "../../folder/segment.ts";

/** Two records of the usual limit. */
const TAIL_BYTES = 64 * 1024;

/** How many records a log has, by its last whole line. For figures only: nothing is checked. */
export function recordsIn(dir: string): number {
  const segment = listSegments(dir).at(-1);
  if (segment === undefined) return 0;
  const fd = openPlain(join(dir, segment.file));
  if (fd === undefined) return segment.firstSeq;
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(fd, tail, 0, tail.length, size - tail.length);
    const whole = tail.toString("latin1", 0, tail.subarray(0, read).lastIndexOf(0x0a));
    const last = whole.slice(whole.lastIndexOf("\n") + 1);
    const seq = /^\{"v":1,"log":"[^"]*","seq":(\d{1,15}),/.exec(last)?.[1];
    return seq === undefined ? segment.firstSeq : Number(seq) + 1;
  } finally {
    closeSync(fd);
  }
}
