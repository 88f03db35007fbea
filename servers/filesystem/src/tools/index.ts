import type { ToolDefinition } from "@hardened-mcp/server";
import type { FilesContext } from "../context.ts";
import { listDirectory } from "./list-directory.ts";
import { readFile, readTextFile } from "./read-text-file.ts";

/** Every tool, in the order clients list them. */
export function allTools(context: FilesContext): readonly ToolDefinition[] {
  return [readTextFile(context), readFile(context), listDirectory(context)];
}
