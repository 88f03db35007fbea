import { type EntryType, type OpenDirectory, PathError } from "@hardened-mcp/safe-path";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import type { FileCall } from "../errors.ts";
import { inRoots } from "../roots/in-roots.ts";
import { createPacer } from "../walk/pacer.ts";
import { byName, CUT_NOTE } from "../walk/sorted-entries.ts";
import { decodeCursor, encodeCursor, type Position } from "./cursor.ts";
import {
  fileTool,
  PAGE_TAIL_BYTES,
  type Page,
  pageArguments,
  pageOutput,
  pathArgument,
  presentPage,
} from "./file-tool.ts";
import { formatSize } from "./format-size.ts";
import { TAGS } from "./list-directory.ts";

const input = z.strictObject({
  path: pathArgument,
  sortBy: z.enum(["name", "size"]).default("name"),
  ...pageArguments(2000),
});
type Args = z.output<typeof input>;

interface Sized {
  readonly name: string;
  readonly type: EntryType;
  /** Bytes; 0 for what is no regular file. A link's target may lie outside, so its size is nobody's business. */
  readonly size: number;
}

/** Lists a directory with the size of each file, and totals. */
export function listDirectoryWithSizes(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "list_directory_with_sizes",
    title: "List Directory with Sizes",
    description: "List a directory with file sizes and totals, sorted by name or by size (largest first).",
    input,
    audit: { path: context.auditPaths },
    output: pageOutput,
    present: presentPage,
    run: (args, call) => list(context, args, call),
  });
}

async function list(context: FilesContext, args: Args, call: FileCall): Promise<Page> {
  const { path, sortBy, limit, cursor } = args;
  const query = ["list_directory_with_sizes", path, sortBy];
  const after = decodeCursor(cursor, query);
  using directory = inRoots(context.roots, path, (root, inside) => root.openDirectory(inside));
  const { entries, cut } = context.list(directory);
  const sized = await withSizes(directory, entries, call);
  if (sortBy === "size") sized.sort((a, b) => b.size - a.size || byName(a, b));

  const left = after === undefined ? sized : sized.filter((entry) => isAfter(entry, after, sortBy));
  const most = Math.min(limit, Math.floor((context.maxResultBytes - PAGE_TAIL_BYTES) / LINE_BYTES));
  const shown = left.slice(0, most);
  const last = shown.at(-1);
  const isLastPage = shown.length === left.length || last === undefined;
  const tail = [...(cut ? [CUT_NOTE] : []), ...(isLastPage ? totals(sized) : [])];
  const content = [...shown.map(asLine), ...tail].join("\n");
  return isLastPage ? { content } : { content, nextCursor: encodeCursor(query, { path: last.name, at: last.size }) };
}

/** The longest line: a name of 255 bytes, its tag and its size. */
const LINE_BYTES = 300;

async function withSizes(
  directory: OpenDirectory,
  entries: readonly Omit<Sized, "size">[],
  call: FileCall,
): Promise<Sized[]> {
  const pacer = createPacer(call.signal);
  const sized: Sized[] = [];
  for (const { name, type } of entries) {
    if (pacer.due()) await pacer.rest();
    sized.push({ name, type, size: type === "file" ? sizeOf(directory, name) : 0 });
  }
  return sized;
}

/** 0 for a file that is gone, or became something else, since it was listed. */
function sizeOf(directory: OpenDirectory, name: string): number {
  try {
    const { type, size } = directory.inspect(name);
    return type === "file" ? size : 0;
  } catch (error) {
    if (error instanceof PathError) return 0;
    throw error;
  }
}

function isAfter(entry: Sized, { path, at }: Position, sortBy: Args["sortBy"]): boolean {
  if (sortBy === "size" && entry.size !== at) return entry.size < at;
  return entry.name > path;
}

function asLine({ name, type, size }: Sized): string {
  return `${TAGS[type]} ${name.padEnd(30)} ${type === "file" ? formatSize(size).padStart(10) : ""}`.trimEnd();
}

/** The official server's summary; of the whole directory, whatever the page. */
function totals(sized: readonly Sized[]): readonly string[] {
  const files = sized.filter(({ type }) => type === "file");
  const directories = sized.filter(({ type }) => type === "directory").length;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return ["", `Total: ${files.length} files, ${directories} directories`, `Combined size: ${formatSize(size)}`];
}
