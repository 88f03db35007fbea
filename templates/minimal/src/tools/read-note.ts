import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { note, noteId } from "../notes/note.ts";
import type { Notes } from "../notes/store.ts";

export const readNote = (notes: Notes): ToolDefinition =>
  defineTool({
    name: "read_note",
    description: "Read one note by its id.",
    effect: "read",
    scope: "notes:read",
    input: z.strictObject({ id: noteId }),
    output: note,
    errors: { unknown: { code: "not_found", message: "There is no note by that id." } },
    audit: { id: "plain" },
    run: ({ id }, call) => notes.read(id) ?? call.fail("unknown"),
  });
