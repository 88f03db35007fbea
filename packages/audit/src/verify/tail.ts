/**
 * How long a log went on since its last checkpoint, by its own monotonic clock, and how often it was started in that time.
 *
 * Records there are covered by the chain alone, which anybody can redo, with times of their choice. But a log signs each minute
 * and at each start: so who cuts checkpoints off to write other records must squeeze them into what a log may leave unsigned.
 * They can no longer pass for days of work.
 */
export interface Tail {
  see(type: string, mono: number): void;
  /** A checkpoint covers everything so far. */
  signed(): void;
  /** Milliseconds from the first to the last record that is not the log's own, over all runs. */
  readonly ms: number;
  readonly starts: number;
}

export function tail(): Tail {
  let ms = 0;
  let starts = 0;
  let last: number | undefined;
  return {
    see(type, mono) {
      if (type === "log.opened") {
        starts++;
        // The clock of another run, perhaps of another boot.
        last = mono;
      } else if (!type.startsWith("log.")) {
        if (last !== undefined) ms += Math.max(0, mono - last);
        last = mono;
      }
    },
    signed() {
      ms = 0;
      starts = 0;
      last = undefined;
    },
    get ms() {
      return ms;
    },
    get starts() {
      return starts;
    },
  };
}

/** `mono` of a record whose hash was checked. It stands among the first fields, before anything that a client chose. */
export function monoOf(line: string): number {
  return Number(/"mono":(\d{1,16}(?:\.\d{1,3})?)[,}]/.exec(line)?.[1] ?? 0);
}
