import { closeSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { MAX_NOTE_BYTES, openPlain, readNotes } from "../folder/notes.ts";
import { type Checkpoint, parseCheckpoint } from "../note/checkpoint.ts";
import { type Note, parseNote, signatureLine } from "../note/note.ts";

/** The next checkpoint of a file, read but not yet believed. */
export interface ReadCheckpoint {
  /** Line of the file at which it starts, from 1. */
  readonly line: number;
  /** Undefined: what stands there is no checkpoint, or not spelled as a log writes it. */
  readonly content: { readonly note: Note; readonly checkpoint: Checkpoint } | undefined;
  /** It was there when the reading began; a later one may speak of records written since. */
  readonly old: boolean;
}

/** Reads a file of checkpoints one by one, beside the records they speak of. */
export interface CheckpointCursor {
  readonly file: string;
  readonly exists: boolean;
  readonly next: ReadCheckpoint | undefined;
  /** Size that the next one speaks of: 0 when it is no checkpoint, Infinity when there is none. */
  readonly size: number;
  advance(): void;
  /** What follows the last whole checkpoint; asked at the end. `torn`: the beginning of one, as a crash leaves it. */
  rest(origin: string): { readonly bytes: number; readonly torn: boolean; readonly line: number };
  close(): void;
}

/** A file that is missing has no checkpoints. Throws what the system throws when it cannot be read. */
export function openCheckpoints(dir: string, file: string): CheckpointCursor {
  const fd = openPlain(join(dir, file));
  const notes = fd === undefined ? undefined : readNotes(fd);
  const sizeAtStart = fd === undefined ? 0 : fstatSync(fd).size;
  let next: ReadCheckpoint | undefined;
  let line = 1;
  let end = 0;

  function advance(): void {
    if (next) line = nextLine;
    const found = read();
    if (found === "no notes") {
      next = { line, content: undefined, old: true };
      return;
    }
    next = found && { line, content: parse(found.note), old: found.end <= sizeAtStart };
    if (found === undefined) return;
    end = found.end;
    nextLine = line + found.note.split("\n").length;
  }
  let nextLine = 1;

  function read() {
    try {
      return notes?.next().value ?? undefined;
    } catch (error) {
      if (error instanceof RangeError) return "no notes";
      throw error;
    }
  }

  advance();
  return {
    file,
    exists: fd !== undefined,
    get next() {
      return next;
    },
    get size() {
      return next === undefined ? Number.POSITIVE_INFINITY : (next.content?.checkpoint.size ?? 0);
    },
    advance,
    rest(origin) {
      if (fd === undefined) return { bytes: 0, torn: true, line };
      // No further than the file went when the reading began: a server may be writing a whole one right now.
      const buffer = Buffer.alloc(Math.min(MAX_NOTE_BYTES + 1, Math.max(0, sizeAtStart - end)));
      const bytes = buffer.length === 0 ? 0 : readSync(fd, buffer, 0, buffer.length, end);
      return { bytes, torn: bytes <= MAX_NOTE_BYTES && isTornNote(buffer.toString("latin1", 0, bytes), origin), line };
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
    },
  };
}

/** Only the log's own spelling: base64 leaves bits that change nothing, and a file of a log has no such freedom. */
function parse(text: string): ReadCheckpoint["content"] {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) return undefined;
  const lines = note.signatures.map((one) => signatureLine(one, one.signature));
  return `${note.text}\n${lines.join("")}` === text ? { note, checkpoint } : undefined;
}

/** What comes after the origin of a checkpoint, as far as it got; the dash of a signature line is three bytes. */
const TORN =
  /^(\n\d{0,16}|\n\d{1,16}\n[\w+/=]{0,44}|\n\d{1,16}\n[\w+/=]{44}\n(\n(\xe2\x80\x94 [!-~]+ [\w+/=]+\n)*(\xe2(\x80(\x94( [!-~]*){0,2})?)?)?)?)$/;

/**
 * Whether bytes are the beginning of a checkpoint of this log. A power cut can leave zeros behind it, where the file had
 * grown and its content had not come yet.
 */
function isTornNote(bytes: string, origin: string): boolean {
  const torn = bytes.replace(/\0+$/, "");
  if (torn.length <= origin.length) return origin.startsWith(torn);
  return torn.startsWith(origin) && TORN.test(torn.slice(origin.length));
}
