import type { EntryType, ListedEntry } from "@hardened-mcp/safe-path";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import { inRoots } from "../roots/in-roots.ts";
import { CUT_NOTE } from "../walk/sorted-entries.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { fileTool, PAGE_TAIL_BYTES, pageArguments, pageOutput, pathArgument, presentPage } from "./file-tool.ts";

const input = z.strictObject({ path: pathArgument, ...pageArguments(2000) });

/** The words of the official server; a link is told apart there too little. */
export const TAGS: Readonly<Record<EntryType, string>> = {
  directory: "[DIR]",
  file: "[FILE]",
  link: "[LINK]",
  special: "[SPECIAL]",
};

/** Lists a directory: one line an entry. */
export function listDirectory(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "list_directory",
    title: "List Directory",
    description: "List a directory, one [FILE], [DIR] or [LINK] line per entry, sorted by name.",
    input,
    audit: { path: context.auditPaths },
    output: pageOutput,
    present: presentPage,
    run: async ({ path, limit, cursor }) => {
      const query = ["list_directory", path];
      const after = decodeCursor(cursor, query)?.path;
      using directory = inRoots(context.roots, path, (root, inside) => root.openDirectory(inside));
      const { entries, cut } = await context.listSoon(directory);
      const page = linesAfter(entries, after, limit, context.maxResultBytes - PAGE_TAIL_BYTES);
      const content = cut ? `${page.content}\n${CUT_NOTE}` : page.content;
      return page.last === undefined
        ? { content }
        : { content, nextCursor: encodeCursor(query, { path: page.last, at: 0 }) };
    },
  });
}

/** One string is built and no object an entry: a listing of 1,000 is the most frequent large answer. */
function linesAfter(
  entries: readonly ListedEntry[],
  after: string | undefined,
  limit: number,
  maxBytes: number,
): { readonly content: string; readonly last: string | undefined } {
  let content = "";
  let count = 0;
  let last = "";
  for (const { name, type } of entries) {
    if (after !== undefined && name <= after) continue;
    // Three bytes a code unit is the most UTF-8 needs.
    if (count === limit || content.length * 3 > maxBytes) return { content, last };
    content += `${count === 0 ? "" : "\n"}${TAGS[type]} ${name}`;
    last = name;
    count++;
  }
  return { content, last: undefined };
}
