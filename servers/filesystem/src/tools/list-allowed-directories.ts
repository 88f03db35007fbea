import { basename } from "node:path";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import { fileTool } from "./file-tool.ts";

/** Names the roots. What a client announces as its own roots has no say here: it could only ask for more. */
export function listAllowedDirectories(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "list_allowed_directories",
    title: "List Allowed Directories",
    description: "List the directories that are served; nothing outside them can be reached.",
    input: z.strictObject({}),
    output: z.strictObject({ content: z.string() }),
    present: ({ content }) => content,
    untrusted: false,
    run: () => ({ content: `Allowed directories:\n${context.roots.map(describe).join("\n")}` }),
  });

  function describe({ path, name }: FilesContext["roots"][number]): string {
    return name === basename(path) ? path : `${path} (${name})`;
  }
}
