import { closeSync, constants, fsyncSync, ftruncateSync, lstatSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AuditError } from "../../errors.ts";
import { refuseForeignFile, secureFolder, syncFolder } from "../../folder/folder.ts";
import { takeLock } from "../../folder/lock.ts";
import { lastNote, MAX_NOTE_BYTES } from "../../folder/notes.ts";
import { ShipFailure, type Target } from "../target/target.ts";

/**
 * Appends notes to a file, in the format of a log's own checkpoint files, and has them on disk before it says so.
 *
 * Several logs may share a file: a note names its log. The lock keeps their writers apart for the moment of an append.
 */
export function fileTarget(path: string): Target {
  return {
    batchRecords: 1000,
    close: () => undefined,
    async send(items) {
      const notes = items.flatMap((item) => (item.kind === "note" ? [`${item.note}\n`] : []));
      try {
        append(path, notes.join(""));
      } catch (error) {
        if (error instanceof AuditError) throw new ShipFailure(error.code, { cause: error });
        throw error;
      }
      return { rejected: 0 };
    },
  };
}

function append(path: string, text: string): void {
  const dir = dirname(path);
  // Never made here: the folder may be where a volume belongs that is not mounted, and then the anchor would be no anchor.
  if (lstatSync(dir, { throwIfNoEntry: false }) === undefined) throw new ShipFailure("no_folder");
  secureFolder(dir);
  const lock = takeLock(`${path}.lock`);
  try {
    const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
    const fd = openSync(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      const { size } = refuseForeignFile(path, fd);
      cutHalfNote(fd, size);
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
      if (size === 0) syncFolder(dir);
    } finally {
      closeSync(fd);
    }
  } finally {
    lock.release();
  }
}

/** Half a note, as a crash leaves it, would swallow the note behind it. Anything else at the end is not ours to cut. */
function cutHalfNote(fd: number, size: number): void {
  const whole = lastNote(fd)?.end ?? 0;
  if (size === whole) return;
  const rest = Buffer.alloc(Math.min(size - whole, MAX_NOTE_BYTES));
  readSync(fd, rest, 0, rest.length, whole);
  if (size - whole > MAX_NOTE_BYTES || !HALF_NOTE.test(rest.toString("utf8"))) throw new ShipFailure("not_notes");
  ftruncateSync(fd, whole);
}

/** Part of a checkpoint: a log's id, then its size, its root and signatures. */
const HALF_NOTE = /^[a-z0-9][a-z0-9._-]*(\/[\w-]*(\n\d*(\n[\w+/=]*(\n[\s\S]*)?)?)?)?$/;
