import { closeSync } from "node:fs";
import { join } from "node:path";
import { lastNote, openPlain, readNotes } from "../../folder/notes.ts";
import { checkpointsName, listCheckpoints } from "../../folder/segment.ts";
import { PRUNED } from "../../log/retention.ts";
import { type Checkpoint, parseCheckpoint } from "../../note/checkpoint.ts";
import { parseNote } from "../../note/note.ts";
import type { Cursor } from "../cursor.ts";
import { type Item, ShipFailure } from "../target/target.ts";
import { logIdOf } from "./log-id.ts";
import { type Batch, type Break, type Reader, Restart } from "./reader.ts";

/**
 * Reads the checkpoints of a log in the order of their sizes: those of deleted segments, then those of each segment.
 *
 * Nothing is synced here: the records that a checkpoint speaks of were on disk before it was signed, so it is true even
 * where the file it was read from loses it. Signatures are for whoever compares an anchor; here only the form is checked.
 */
export function noteReader(dir: string): Reader {
  const close = async () => undefined;
  return { resume: async (stored) => resume(dir, stored), next: async (at, max) => next(dir, at, max), newest, close };

  function newest(): number {
    return newestOf(dir)?.size ?? 0;
  }
}

function resume(
  dir: string,
  stored: Cursor | "missing" | "damaged",
): { cursor: Cursor; breaks: readonly Break[] } | undefined {
  const log = logIdOf(dir);
  if (log === undefined) return undefined;
  const start: Cursor = { log, next: 0, hash: undefined, segment: "", offset: 0 };
  const over = (code: Break["code"], from: number) => ({ cursor: start, breaks: [{ code, from, to: 0 }] });
  if (stored === "missing") return { cursor: start, breaks: [] };
  if (stored === "damaged") return over("cursor_damaged", 0);
  if (stored.log !== log) return over("other_log", stored.next);
  if ((newestOf(dir)?.size ?? 0) < stored.next) return over("log_cut", stored.next);
  for (const { checkpoint } of notesOf(dir)) {
    if (checkpoint.size === stored.next && checkpoint.root !== stored.hash) return over("log_changed", stored.next);
  }
  return { cursor: stored, breaks: [] };
}

function next(dir: string, at: Cursor, maxItems: number): Batch | undefined {
  const newest = newestOf(dir);
  if (newest === undefined || newest.size === at.next) return undefined;
  if (newest.size < at.next) throw new Restart();
  const items: Item[] = [];
  let after = at;
  for (const { note, checkpoint } of notesOf(dir)) {
    if (items.length === maxItems) break;
    const { origin, size, root } = checkpoint;
    if (origin !== at.log) throw new ShipFailure("damaged");
    if (size <= after.next) continue;
    items.push({ kind: "note", log: at.log, size, note });
    after = { ...after, next: size, hash: root };
  }
  return items.length === 0 ? undefined : { items, after, full: items.length === maxItems };
}

function filesOf(dir: string): string[] {
  return [PRUNED, ...listCheckpoints(dir).map(checkpointsName)];
}

function* notesOf(dir: string): Generator<{ note: string; checkpoint: Checkpoint }, void, void> {
  let last = 0;
  for (const file of filesOf(dir)) {
    const fd = openPlain(join(dir, file));
    if (fd === undefined) continue;
    try {
      for (const { note } of readNotes(fd)) {
        const checkpoint = read(note);
        // What is deleted stands in both for a moment; else sizes grow, or sending would begin again for ever.
        if (checkpoint.size <= last) throw new ShipFailure("damaged");
        last = checkpoint.size;
        yield { note, checkpoint };
      }
      if (file === PRUNED) last = 0;
    } catch (error) {
      throw error instanceof RangeError ? new ShipFailure("damaged", { cause: error }) : error;
    } finally {
      closeSync(fd);
    }
  }
}

function newestOf(dir: string): Checkpoint | undefined {
  for (const file of filesOf(dir).reverse()) {
    const fd = openPlain(join(dir, file));
    if (fd === undefined) continue;
    try {
      const last = lastNote(fd);
      if (last !== undefined) return read(last.note);
    } finally {
      closeSync(fd);
    }
  }
  return undefined;
}

/** @throws {ShipFailure} `damaged` for what is no checkpoint */
function read(note: string): Checkpoint {
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? "");
  if (checkpoint === undefined) throw new ShipFailure("damaged");
  return checkpoint;
}
