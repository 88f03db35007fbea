import type { Writable } from "node:stream";
import { type Destination, droppedLine } from "./destination.ts";

/** What may wait for a reader. Beyond it lines are dropped: the server's memory is not the reader's buffer. */
export const MAX_QUEUED_BYTES = 1_048_576;

/**
 * A pipe or socket whose reader may be slow, or never read at all. A synchronous write there stops the whole process
 * once the pipe is full (64 KiB on Linux), and with it every answer and SIGTERM; so lines wait in a bounded queue.
 */
export function toPipe(stream: Writable): Destination {
  // Bound now: whoever replaces `write` later, to capture output, must not end up in the log's own path.
  const send = stream.write.bind(stream) as (
    text: string | Uint8Array,
    done: (error?: Error | null) => void,
  ) => boolean;
  const waiting = new Set<() => void>();
  let dropped = 0;

  /** Writes `text`, which stands for so many `lines`; they count as dropped if the reader has gone (EPIPE). */
  const push = (text: string | Uint8Array, lines: number): void => {
    const settled = (error?: Error | null): void => {
      if (error) dropped += lines;
      if (stream.writableLength === 0) for (const tell of [...waiting]) tell();
    };
    try {
      send(text, settled);
    } catch (error) {
      settled(error as Error);
    }
  };
  /** Says how much was lost, once half the queue is free: a reader at the brink would get little else otherwise. */
  const report = (): boolean => {
    if (dropped === 0) return true;
    if (stream.writableLength > MAX_QUEUED_BYTES / 2) return false;
    const lines = dropped;
    dropped = 0;
    push(droppedLine(lines), lines);
    return true;
  };

  // Each failed write tells its own callback; unheard, the event would end the process.
  stream.on("error", () => {});
  stream.on("drain", report);
  return {
    write(text) {
      if (report() && stream.writableLength + text.length <= MAX_QUEUED_BYTES) push(text, 1);
      else dropped += 1;
    },
    async flush(ms) {
      report();
      if (stream.writableLength === 0) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        waiting.add(done);
      });
    },
  };
}
