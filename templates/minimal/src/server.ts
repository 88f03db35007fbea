import { createServer, type GuardedServer } from "@hardened-mcp/server";
import type { ProjectParts } from "@hardened-mcp/server/command-line";
import { projectOptions } from "@hardened-mcp/server/config";
import type { Config } from "./config.ts";
import { openNotes } from "./notes/store.ts";
import { noteResource } from "./resources/note.ts";
import { addNote } from "./tools/add-note.ts";
import { readNote } from "./tools/read-note.ts";

/** @throws {ConfigError} the notes cannot be read, or a tool is not declared as it has to be */
export function createMyServer({ config, audit, version, security }: ProjectParts<Config>): GuardedServer {
  const notes = openNotes({ file: config.notesFile, maxNotes: config.maxNotes, maxBytes: config.maxBytes });
  return createServer({
    name: "my-server",
    version,
    tools: [readNote(notes), addNote(notes)],
    resources: [noteResource(notes)],
    audit,
    ...projectOptions(config),
    ...security,
  });
}
