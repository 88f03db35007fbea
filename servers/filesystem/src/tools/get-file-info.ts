import type { Stats } from "node:fs";
import { PathError, type Root, type SafePath } from "@hardened-mcp/safe-path";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import { inRoots } from "../roots/in-roots.ts";
import { fileTool, pathArgument } from "./file-tool.ts";

/** Describes a file or directory. */
export function getFileInfo(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "get_file_info",
    title: "Get File Info",
    description: "Size, times, permissions and kind of a file or directory, without its content.",
    input: z.strictObject({ path: pathArgument }),
    audit: { path: context.auditPaths },
    output: z.strictObject({ content: z.string() }),
    present: ({ content }) => content,
    untrusted: false,
    run: ({ path }) => ({ content: describe(inRoots(context.roots, path, statServed)) }),
  });
}

/**
 * Only what could be read is described. The descriptor's own stat, after the decision: a stat by path would follow a link
 * and tell the size of a file outside.
 */
function statServed(root: Root, path: SafePath): Stats {
  try {
    using directory = root.openDirectory(path);
    return directory.stat;
  } catch (error) {
    if (!(error instanceof PathError && error.code === "not_a_directory" && error.cause === undefined)) throw error;
  }
  using file = root.openFile(path);
  return file.stat;
}

/** The official server's lines; times in ISO 8601. */
function describe(stat: Stats): string {
  const fields = {
    size: stat.size,
    created: stat.birthtime.toISOString(),
    modified: stat.mtime.toISOString(),
    accessed: stat.atime.toISOString(),
    isDirectory: stat.isDirectory(),
    isFile: stat.isFile(),
    permissions: (stat.mode & 0o777).toString(8).padStart(3, "0"),
  };
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join("\n");
}
