import { type ContentBlock, contentBlocks, type ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import { FileError } from "../errors.ts";
import { readBytes } from "../read/bytes.ts";
import { base64Bytes, mediaLimit, mediaType } from "../read/media-types.ts";
import { fileUri } from "../roots/file-uri.ts";
import { absolutePath, inRoots } from "../roots/in-roots.ts";
import { fileTool, pathArgument, WHOLE_FILE_LIMITS } from "./file-tool.ts";

/** Reads a picture, a sound, or any other file as base64. */
export function readMediaFile(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "read_media_file",
    title: "Read Media File",
    description: "Read an image, audio or other binary file as base64 with its media type.",
    input: z.strictObject({ path: pathArgument }),
    audit: { path: context.auditPaths },
    output: contentBlocks,
    // A picture is not text: what bounds it is the size of a file, not that of an answer's text.
    limits: {
      ...WHOLE_FILE_LIMITS,
      maxResultBytes: Math.max(context.maxResultBytes, base64Bytes(mediaLimit(context.maxReadBytes))),
    },
    run: async ({ path }, call) => {
      const { file, uri } = inRoots(context.roots, path, (root, inside) => {
        const opened = root.openFile(inside);
        return { file: opened, uri: fileUri(absolutePath(root, opened.path)) };
      });
      using open = file;
      if (open.stat.size > mediaLimit(context.maxReadBytes)) throw new FileError("media_too_large");
      const bytes = await readBytes(open, 0, open.stat.size, call.signal);
      return [asBlock(bytes.toString("base64"), mediaType(open.path), uri)];
    },
  });
}

/** The specification knows pictures and sound; anything else travels as an embedded resource. */
function asBlock(data: string, mimeType: string, uri: string): ContentBlock {
  if (mimeType.startsWith("image/")) return { type: "image", data, mimeType };
  if (mimeType.startsWith("audio/")) return { type: "audio", data, mimeType };
  return { type: "resource", resource: { uri, mimeType, blob: data } };
}
