import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** One note of a file of notes, and where it ends. */
export interface StoredNote {
  readonly note: string;
  /** Bytes of the file up to and with the empty line behind this note. */
  readonly end: number;
}

/** What a note, and so what is left over at the end of a file, can take at most: 16 signatures of 128 + 92 bytes. */
export const MAX_NOTE_BYTES = 8192;
const CHUNK = 64 * 1024;
const MARK = Buffer.from("\n\u2014 ");
const END = Buffer.from("\n\n");

/**
 * The notes of a file, oldest first, whatever its size in constant memory. What follows the last whole note is not given
 * out: a crash leaves it.
 *
 * @throws {RangeError} a stretch longer than any note: not a file of notes
 */
export function* readNotes(fd: number): Generator<StoredNote, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  let passed = 0;
  const chunk = Buffer.alloc(CHUNK);
  for (;;) {
    const read = readSync(fd, chunk, 0, CHUNK, position);
    if (read === 0) return;
    position += read;
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
    for (;;) {
      const end = noteEnd(rest);
      if (end === -1) break;
      passed += end + 1;
      yield { note: rest.toString("utf8", 0, end), end: passed };
      rest = rest.subarray(end + 1);
    }
    if (rest.length > MAX_NOTE_BYTES) throw new RangeError("not a file of notes");
  }
}

/** Position behind the first note of `bytes` that is there whole, with the empty line that ends it; -1: none. */
function noteEnd(bytes: Buffer): number {
  const signatures = bytes.indexOf(MARK);
  const end = signatures === -1 ? -1 : bytes.indexOf(END, signatures);
  return end === -1 ? -1 : end + 1;
}

/** The last note of a file of notes and where it ends; undefined for an empty file. Reads from the end. */
export function lastNote(fd: number): StoredNote | undefined {
  const { size } = fstatSync(fd);
  // Twice: a torn note, and a whole one before it.
  const from = Math.max(0, size - 2 * MAX_NOTE_BYTES);
  const bytes = Buffer.alloc(size - from);
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(fd, bytes, done, bytes.length - done, from + done);
    if (read === 0) break;
    done += read;
  }
  // In the middle of a file, reading starts behind the first empty line that follows a signature.
  let at = from === 0 ? 0 : noteEnd(bytes) + 1;
  let last: StoredNote | undefined;
  for (;;) {
    const end = noteEnd(bytes.subarray(at));
    if (end === -1) return last;
    last = { note: bytes.toString("utf8", at, at + end), end: from + at + end + 1 };
    at += end + 1;
  }
}

/** Opens for reading, never through a link, never waiting for a FIFO; undefined when there is no such file. */
export function openPlain(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error("not a plain file"), { code: "ENOTFILE" });
}
