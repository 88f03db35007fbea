import { closeSync, fstatSync, readSync } from "node:fs";
import { AuditError } from "../errors.ts";
import { MAX_NOTE_BYTES, openPlain, readNotes } from "../folder/notes.ts";
import { type Checkpoint, parseCheckpoint } from "../note/checkpoint.ts";
import { type Note, parseNote } from "../note/note.ts";

/** A checkpoint that was kept off the machine. */
export interface AnchorNote extends Checkpoint {
  readonly note: Note;
}

/**
 * Reads a file of notes kept off the machine, in the format of `checkpoints-N.txt`; the last one need not have its empty
 * line. It may hold notes of several logs, and notes that are no checkpoints, which are passed over.
 *
 * @throws {AuditError} `invalid`: the file cannot be read, is no file of notes, or holds no checkpoint
 */
export function readAnchorNotes(path: string): AnchorNote[] {
  let fd: number | undefined;
  const found: AnchorNote[] = [];
  try {
    fd = openPlain(path);
    if (fd === undefined) throw new AuditError("invalid", `anchor: ${path} does not exist`);
    let end = 0;
    for (const stored of readNotes(fd)) {
      end = stored.end;
      const anchor = parseAnchorNote(stored.note);
      if (anchor) found.push(anchor);
    }
    const last = restOf(fd, end);
    const anchor = parseAnchorNote(last.endsWith("\n") ? last : `${last}\n`);
    if (anchor) found.push(anchor);
    else if (last.trim() !== "") throw new AuditError("invalid", `anchor: ${path} does not end in a whole note`);
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw new AuditError("invalid", `anchor: ${path} is no file of notes, or cannot be read`, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  if (found.length === 0) throw new AuditError("invalid", `anchor: ${path} holds no checkpoint`);
  return found;
}

/** @returns undefined for a text that is no signed checkpoint */
export function parseAnchorNote(text: string): AnchorNote | undefined {
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  return note && checkpoint && { ...checkpoint, note };
}

function restOf(fd: number, from: number): string {
  const bytes = Buffer.alloc(Math.min(MAX_NOTE_BYTES, fstatSync(fd).size - from));
  return bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, from));
}
