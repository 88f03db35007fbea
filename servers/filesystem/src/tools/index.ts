import type { ToolDefinition } from "@hardened-mcp/server";
import type { FilesContext } from "../context.ts";
import { directoryTree } from "./directory-tree.ts";
import { getFileInfo } from "./get-file-info.ts";
import { listAllowedDirectories } from "./list-allowed-directories.ts";
import { listDirectory } from "./list-directory.ts";
import { listDirectoryWithSizes } from "./list-directory-with-sizes.ts";
import { readMediaFile } from "./read-media-file.ts";
import { readMultipleFiles } from "./read-multiple-files.ts";
import { readFile, readTextFile } from "./read-text-file.ts";
import { searchContent } from "./search-content.ts";
import { searchFiles } from "./search-files.ts";

/** Every tool, in the order clients list them. */
export function allTools(context: FilesContext): readonly ToolDefinition[] {
  return [
    readTextFile(context),
    readFile(context),
    readMediaFile(context),
    readMultipleFiles(context),
    listDirectory(context),
    listDirectoryWithSizes(context),
    directoryTree(context),
    searchFiles(context),
    searchContent(context),
    getFileInfo(context),
    listAllowedDirectories(context),
  ];
}
