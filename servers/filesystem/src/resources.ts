import { fileURLToPath } from "node:url";
import { defineResource, type ResourceDefinition, type ResourcePage } from "@hardened-mcp/server";
import { type FilesContext, READ_SCOPE } from "./context.ts";
import { answering, FILE_ERRORS, type FileCall, FileError } from "./errors.ts";
import { readBytes } from "./read/bytes.ts";
import { base64Bytes, mediaLimit, mediaType } from "./read/media-types.ts";
import { isText } from "./read/text.ts";
import { fileUri, isFileUri } from "./roots/file-uri.ts";
import { absolutePath, inRoots } from "./roots/in-roots.ts";
import { decodeCursor, encodeCursor } from "./tools/cursor.ts";
import { WHOLE_FILE_LIMITS } from "./tools/file-tool.ts";
import { createPacer } from "./walk/pacer.ts";
import { walk } from "./walk/walk.ts";

/** Files in one page of `resources/list`. */
const PAGE = 200;
/** Clients show this list to people; what lies deeper is found by searching. */
const MAX_DEPTH = 8;
/** Longest URI and name of a listed resource, in characters; the server's own bounds. */
const MAX_URI = 8192;
const MAX_NAME = 1024;
const QUERY = "resources/list";

/** Every served file as a resource under its `file:` URI. */
export function fileResources(context: FilesContext): ResourceDefinition {
  return defineResource({
    name: "file",
    description: "A file in one of the allowed directories.",
    scope: READ_SCOPE,
    uri: "file:///{+path}",
    isCanonical: isFileUri,
    audit: { path: context.auditPaths },
    errors: FILE_ERRORS,
    limits: {
      ...WHOLE_FILE_LIMITS,
      maxResultBytes: Math.max(context.maxResultBytes, base64Bytes(mediaLimit(context.maxReadBytes))),
    },
    list: (cursor, call) => answering(call, () => list(context, cursor, call)),
    read: ({ uri }, call) => answering(call, async () => [await read(context, uri, call)]),
  });
}

/** The cursor's number is the root's place in the configuration. */
async function list(context: FilesContext, cursor: string | undefined, call: FileCall): Promise<ResourcePage> {
  const position = decodeCursor(cursor, QUERY);
  const pacer = createPacer(call.signal);
  const resources: ResourcePage["resources"][number][] = [];
  let last = position;
  for (const [at, root] of context.roots.entries()) {
    if (at < (position?.at ?? 0)) continue;
    using start = root.openDirectory(root.parse("."));
    const after = at === position?.at ? position.path.split("/") : undefined;
    for (const { above, name, type } of walk(start, {
      after,
      maxDepth: MAX_DEPTH,
      list: context.list,
      gaps: { unopened: 0, cut: 0 },
    })) {
      if (pacer.due()) await pacer.rest();
      if (last !== undefined && (resources.length === PAGE || pacer.elapsed() > context.pageMs)) {
        return { resources, nextCursor: encodeCursor(QUERY, last) };
      }
      last = { path: [...above, name].join("/"), at };
      if (type !== "file") continue;
      const uri = fileUri(absolutePath(root, last.path));
      // One file that the protocol layer would refuse to list must not take the whole list with it.
      if (uri.length > MAX_URI) continue;
      const shown = last.path.length > MAX_NAME ? name : last.path;
      resources.push({ uri, name: shown, mimeType: mediaType(name) });
    }
  }
  return { resources };
}

type Contents = { uri: string; mimeType: string } & ({ text: string } | { blob: string });

async function read(context: FilesContext, uri: string, call: FileCall): Promise<Contents> {
  // It is its path's one spelling, or it had not come here.
  const path = fileURLToPath(uri);
  using file = inRoots(context.roots, path, (root, inside) => root.openFile(inside));
  if (file.stat.size > mediaLimit(context.maxReadBytes)) throw new FileError("media_too_large");
  const bytes = await readBytes(file, 0, file.stat.size, call.signal);
  const mimeType = mediaType(file.path);
  if (!isText(bytes)) return { uri, mimeType, blob: bytes.toString("base64") };
  return {
    uri,
    mimeType: mimeType === "application/octet-stream" ? "text/plain" : mimeType,
    text: bytes.toString("utf8"),
  };
}
