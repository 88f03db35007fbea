import { createServer } from "@hardened-mcp/server";
import { projectCommand } from "@hardened-mcp/server/command-line";
import { config } from "./config.ts";
import { openNotes } from "./notes/store.ts";
import { noteResource } from "./resources/note.ts";
import { addNote } from "./tools/add-note.ts";
import { readNote } from "./tools/read-note.ts";

export const { main, exitCodeOf } = projectCommand({
  name: "my-server",
  about: "Serves the notes in one file: reads them, and adds one where that is allowed.",
  module: import.meta.url,
  config,
  variables: { HARDENED_MCP_NOTES_FILE: ["notesFile", "text"] },
  served: ({ notesFile }) => ({ notesFile }),
  create: (parts) => {
    const notes = openNotes(parts.config);
    const tools = [readNote(notes), addNote(notes)];
    return { server: createServer({ ...parts.options(), tools, resources: [noteResource(notes)] }) };
  },
});
