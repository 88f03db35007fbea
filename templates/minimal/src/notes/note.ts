import { z } from "zod";

/** A name that can mean nothing else: no path, no case that a file system folds, no hidden character. */
export const noteId = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .describe("Id of the note: lower-case words joined by hyphens.");

export const noteText = z.string().min(1).max(10_000).describe("The note itself.");

export const note = z.strictObject({ id: noteId, text: noteText });

export type Note = z.output<typeof note>;
