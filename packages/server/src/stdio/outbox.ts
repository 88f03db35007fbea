import type { Writable } from "node:stream";

const NEWLINE = 0x0a;

/** Lines on their way to a client. */
export interface Outbox {
  /** Takes one line, without its newline. */
  send(line: string): void;
  /** Characters that the client has not taken yet. */
  readonly waiting: number;
  /** Calls back, once, when at most `characters` are waiting. */
  whenAtMost(characters: number, done: () => void): void;
}

/**
 * Characters handed to the stream at a time. The stream joins all it holds into one write and reports nothing until the
 * last byte of it is taken; a small portion keeps the news fresh, and keeps the rest as strings instead of copies.
 */
const PORTION = 256 * 1024;

/** Characters from which a portion is encoded here: for a string, Node asks the system for three times its length on each write. */
const LONG = 16 * 1024;

/** Queues lines in front of a stream; the lines of one turn of the event loop leave in one write. */
export function createOutbox(output: Writable): Outbox {
  let lines: string[] = [];
  let waiting = 0;
  let writing = false;
  let scheduled = false;
  let watchers: { readonly characters: number; readonly done: () => void }[] = [];

  function write(): void {
    scheduled = false;
    if (writing || lines.length === 0) return;
    const portion = takePortion();
    writing = true;
    const taken = (): void => {
      writing = false;
      waiting -= portion.length + 1;
      write();
      tell();
    };
    if (portion.length < LONG) {
      output.write(`${portion}\n`, taken);
      return;
    }
    if (portion.length < PORTION) {
      // A buffer of its own each time: a stream that passes it on says that it has taken what somebody has yet to read.
      const encoded = Buffer.allocUnsafeSlow(Buffer.byteLength(portion) + 1);
      encoded.write(portion);
      encoded[encoded.length - 1] = NEWLINE;
      output.write(encoded, taken);
      return;
    }
    // Appending the newline would copy a megabyte to add a byte.
    output.cork();
    output.write(portion);
    output.write("\n", taken);
    output.uncork();
  }

  function takePortion(): string {
    let count = 0;
    for (let characters = 0; count < lines.length && characters < PORTION; count++) {
      characters += lines[count]?.length ?? 0;
    }
    if (count === lines.length) {
      const all = lines.join("\n");
      lines = [];
      return all;
    }
    return lines.splice(0, count).join("\n");
  }

  function tell(): void {
    const due = watchers.filter((watcher) => waiting <= watcher.characters);
    if (due.length === 0) return;
    watchers = watchers.filter((watcher) => waiting > watcher.characters);
    for (const { done } of due) done();
  }

  return {
    send(line) {
      lines.push(line);
      waiting += line.length + 1;
      if (writing || scheduled) return;
      scheduled = true;
      process.nextTick(write);
    },
    get waiting() {
      return waiting;
    },
    whenAtMost(characters, done) {
      watchers.push({ characters, done });
      tell();
    },
  };
}
