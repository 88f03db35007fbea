import { ConfigError } from "@hardened-mcp/server";
import { z } from "zod";
import type { Config } from "../config.ts";
import { readBounded, replaceFile } from "./file.ts";
import { type Note, note } from "./note.ts";

export type Notes = ReturnType<typeof openNotes>;

/**
 * Opens the notes of one file. They are read anew for each call, so that an edit by hand counts at once. What cannot be read then
 * throws: the client gets `internal` and a reference, and the log the cause.
 *
 * @throws {ConfigError} the file is missing, too large or no list of notes: better found at start than by the first caller
 */
export function openNotes({ notesFile: file, maxNotes, maxBytes }: Config) {
  const list = z.array(note).max(maxNotes);
  const all = (): readonly Note[] => list.parse(JSON.parse(readBounded(file, maxBytes)));
  try {
    all();
  } catch (cause) {
    throw new ConfigError(
      `notesFile: ${file} cannot be read as a list of notes. It has to be JSON such as [{ "id": "first", "text": "Hello" }], with at most ${maxNotes} notes and ${maxBytes} bytes.`,
      { cause },
    );
  }
  return {
    read: (id: string): Note | undefined => all().find((one) => one.id === id),
    ids: (): readonly string[] => all().map((one) => one.id),
    /** Adds a note, or says why not; never replaces one. Nothing here waits, so no other call comes between reading and writing. */
    add: (added: Note): "taken" | "full" | undefined => {
      const before = all();
      if (before.some((one) => one.id === added.id)) return "taken";
      const text = `${JSON.stringify([...before, added], undefined, 2)}\n`;
      if (before.length >= maxNotes || Buffer.byteLength(text) > maxBytes) return "full";
      replaceFile(file, text);
      return undefined;
    },
  };
}
