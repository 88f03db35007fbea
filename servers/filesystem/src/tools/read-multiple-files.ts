import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import { FILE_ERRORS, reasonOf } from "../errors.ts";
import { inRoots } from "../roots/in-roots.ts";
import { fileTool, pathArgument, WHOLE_FILE_LIMITS } from "./file-tool.ts";
import { readWhole } from "./read-text-file.ts";

const SEPARATOR = "\n---\n";

const input = z.strictObject({ paths: z.array(pathArgument).min(1).max(100) });

/** Reads several files; one that cannot be read does not fail the others. */
export function readMultipleFiles(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "read_multiple_files",
    title: "Read Multiple Files",
    description: "Read several text files in one call, each under its path. A file that fails does not stop the rest.",
    input,
    audit: { paths: context.auditPaths },
    limits: WHOLE_FILE_LIMITS,
    output: z.string(),
    run: async ({ paths }, call) => {
      const parts: string[] = [];
      // An answer is shared: the last files are cut or named only, never the whole answer refused.
      let left = context.maxResultBytes;
      for (const path of paths) {
        call.signal.throwIfAborted();
        const part = await readOne(context, path, left, call.signal);
        parts.push(part);
        left -= Buffer.byteLength(part) + SEPARATOR.length;
      }
      return parts.join(SEPARATOR);
    },
  });
}

/** Less than this is not worth a part of a file. */
const LEAST_BYTES = 4096;

async function readOne(context: FilesContext, path: string, left: number, signal: AbortSignal): Promise<string> {
  // Such a path names nothing; repeated as it is, it would forge the heading of another file.
  const heading = path.slice(0, 4096).replaceAll(/[\x00-\x1f\x7f]/g, "?");
  try {
    using file = inRoots(context.roots, path, (root, inside) =>
      root.openFile(inside, { maxBytes: context.maxReadBytes }),
    );
    const room = left - Buffer.byteLength(heading) - 16;
    if (room < LEAST_BYTES && file.stat.size > room)
      return `${heading}: Error - The answer is full. Read this file on its own.`;
    return `${heading}:\n${await readWhole(file, room, signal)}\n`;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return `${heading}: Error - ${FILE_ERRORS[reason].message}`;
  }
}
