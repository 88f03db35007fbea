import { defineTool, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import { MOST_BYTES } from "../config.ts";
import { answering, type Folders, locate } from "../folders.ts";
import { createText } from "../text.ts";

/** A `write`, since it only adds. A tool that overwrites or deletes is `destroy`, and then a person has to approve each call. */
export const createFile = (folders: Folders, maxBytes: number): ToolDefinition =>
  defineTool({
    name: "create_file",
    description: "Create a text file in a folder that exists. A file that exists is never changed.",
    effect: "write",
    scope: "files:write",
    input: z.strictObject({
      path: z.string().max(4096).describe("Such as files/notes/idea.md"),
      text: z.string().max(MOST_BYTES),
    }),
    output: z.strictObject({ bytes: z.int() }),
    audit: { path: "hash" },
    run: ({ path, text }) => answering(() => ({ bytes: createText(locate(folders, path), text, maxBytes) })),
  });
