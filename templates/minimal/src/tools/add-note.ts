import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { noteId, noteText } from "../notes/note.ts";
import type { Notes } from "../notes/store.ts";

/** `write`, since it adds and never replaces. A tool that overwrites or deletes is `destroy`, and asks a human by default. */
export const addNote = (notes: Notes): ToolDefinition =>
  defineTool({
    name: "add_note",
    description: "Add a note under an id that is free. Existing notes are never changed.",
    effect: "write",
    scope: "notes:write",
    input: z.strictObject({ id: noteId, text: noteText }),
    output: z.strictObject({ id: noteId }),
    errors: {
      taken: { code: "conflict", message: "There is a note by that id already. Choose another id." },
      full: { code: "too_large", message: "There is no room for another note." },
    },
    // The id is on record as it is; of the text the record has its length and a digest.
    audit: { id: "plain" },
    run: ({ id, text }, call) => {
      const reason = notes.add({ id, text });
      return reason === undefined ? { id } : call.fail(reason);
    },
  });
