import { basename } from "node:path";
import { type OpenDirectory, PathError } from "@hardened-mcp/safe-path";
import { defineResource, type ResourceDefinition } from "@hardened-mcp/server";
import { answering, type Folders, locate } from "../folders.ts";
import { readText } from "../text.ts";

const PREFIX = "files:///";
/** Longest URI that the server reads. */
const MAX_URI = 8192;
/** Entries looked at for one list, and files on a page of it. */
const MAX_ENTRIES = 10_000;
const PAGE = 200;

/** Every served file as `files:///FOLDER/PATH`. */
export const fileResources = (folders: Folders, maxBytes: number): ResourceDefinition =>
  defineResource({
    name: "file",
    description: "A text file in one of the served folders.",
    scope: "files:read",
    uri: `${PREFIX}{+path}`,
    mimeType: "text/plain",
    isCanonical: (uri) => {
      // What this throws says the same as false: there is no such resource.
      locate(folders, pathOf(uri));
      return uriOf(pathOf(uri)) === uri;
    },
    audit: { path: "hash" },
    // The cursor is the last path of the page before. Whatever else comes as one, it only decides where a page begins.
    list: (after = "") =>
      answering(() => {
        const paths = listFiles(folders).filter((path) => path > after);
        const page = paths.slice(0, PAGE);
        return {
          resources: page.map((path) => ({ uri: uriOf(path), name: basename(path) })),
          ...(paths.length > PAGE ? { nextCursor: page.at(-1) ?? "" } : {}),
        };
      }),
    read: ({ uri }) =>
      answering(() => [{ uri, mimeType: "text/plain", text: readText(locate(folders, pathOf(uri)), maxBytes) }]),
  });

/** Encodes all but `/` and what RFC 3986 leaves as it is, so that each path has one URI. */
const uriOf = (path: string): string => PREFIX + path.split("/").map(encodeURIComponent).join("/");
const pathOf = (uri: string): string => decodeURIComponent(uri.slice(PREFIX.length));

/** In the order of their paths, which pages rest on. */
function listFiles(folders: Folders): readonly string[] {
  const left = { entries: MAX_ENTRIES };
  const paths: string[] = [];
  for (const [name, root] of folders) {
    using directory = root.openDirectory(root.parse("."));
    paths.push(...filesBelow(directory, name, left));
  }
  return paths.filter((path) => uriOf(path).length <= MAX_URI).sort();
}

/** By descriptor and never through a link: a folder that is moved meanwhile leads nowhere else. */
function* filesBelow(directory: OpenDirectory, above: string, left: { entries: number }): Generator<string> {
  if (left.entries <= 0) return;
  const { entries } = directory.entries(left.entries);
  left.entries -= entries.length;
  for (const { name, type } of entries) {
    if (type === "file") yield `${above}/${name}`;
    if (type !== "directory") continue;
    try {
      using child = directory.child(name);
      if (child.kind === "directory") yield* filesBelow(child, `${above}/${name}`, left);
    } catch (error) {
      // Gone meanwhile, too deep, or not readable: not there to be listed.
      if (!(error instanceof PathError)) throw error;
    }
  }
}
