import { writeSync } from "node:fs";
import { type Destination, droppedLine } from "./destination.ts";

/** How often a write is tried again, 1 ms apart, on a terminal that another program has made non-blocking. */
const MAX_TRIES = 100;

/**
 * A file or a terminal, written synchronously, so that the last lines before a crash are there. On a full disk (ENOSPC)
 * lines are dropped and counted until there is room again.
 */
export function toFile(fd: number): Destination {
  let dropped = 0;
  let torn = false;

  const put = (text: string | Uint8Array): boolean => {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    // Once lines are lost, waiting for each further one would only add up.
    const written = writeWhole(fd, bytes, dropped === 0 ? MAX_TRIES : 1);
    torn = written === 0 ? torn : written < bytes.length;
    return written === bytes.length;
  };
  /** Says how much was lost, on a line of its own even where the disk was full in the middle of one. */
  const report = (): boolean => {
    if (dropped === 0) return true;
    if (!put(`${torn ? "\n" : ""}${droppedLine(dropped)}`)) return false;
    dropped = 0;
    return true;
  };
  return {
    write(text) {
      if (!report() || !put(text)) dropped += 1;
    },
    flush: async () => void report(),
  };
}

/** @returns how many bytes were written; fewer than asked for when it cannot go on */
function writeWhole(fd: number, bytes: Uint8Array, tries: number): number {
  let written = 0;
  let left = tries;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      left -= 1;
      if (left <= 0 || (error as NodeJS.ErrnoException).code !== "EAGAIN") return written;
      Atomics.wait(NEVER, 0, 0, 1);
    }
  }
  return written;
}

const NEVER = new Int32Array(new SharedArrayBuffer(4));
