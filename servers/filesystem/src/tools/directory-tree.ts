import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import type { FileCall } from "../errors.ts";
import { compileExcludes } from "../glob/excludes.ts";
import { inRoots } from "../roots/in-roots.ts";
import { createPacer } from "../walk/pacer.ts";
import { describeGaps, walk } from "../walk/walk.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import {
  fileTool,
  PAGE_TAIL_BYTES,
  type Page,
  pageArguments,
  pageOutput,
  pathArgument,
  presentPage,
} from "./file-tool.ts";
import { excludeArgument } from "./search-files.ts";

const input = z.strictObject({
  path: pathArgument,
  excludePatterns: excludeArgument.describe("Globs to leave out; a plain name at any depth"),
  maxDepth: z.int().min(1).max(64).default(64),
  ...pageArguments(2000),
});
type Args = z.output<typeof input>;

interface Node {
  readonly name: string;
  readonly type: string;
  readonly children?: Node[];
}

/** Shows what lies below a directory as nested JSON. */
export function directoryTree(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "directory_tree",
    title: "Directory Tree",
    description:
      "Everything below a directory as JSON: name, type and, for directories, children. In pages; a cut is marked.",
    input,
    audit: { path: context.auditPaths },
    limits: context.walkLimits,
    output: pageOutput,
    present: presentPage,
    run: (args, call) => build(context, args, call),
  });
}

async function build(context: FilesContext, args: Args, call: FileCall): Promise<Page> {
  const { limit, cursor, ...query } = args;
  const after = decodeCursor(cursor, query)?.path.split("/");
  using start = inRoots(context.roots, args.path, (root, inside) => root.openDirectory(inside));
  const leaveOut = compileExcludes(args.excludePatterns);
  const gaps = { unopened: 0, cut: 0 };
  const pacer = createPacer(call.signal);

  const tree: Node = { name: "", type: "directory", children: [] };
  let room = context.maxResultBytes - PAGE_TAIL_BYTES;
  let count = 0;
  let last = "";
  let next: string | undefined;
  for (const { above, name, type } of walk(start, {
    after,
    leaveOut,
    maxDepth: args.maxDepth,
    list: context.list,
    gaps,
  })) {
    if (pacer.due()) {
      await pacer.rest();
      call.progress(count, undefined, `${count} entries`);
    }
    room -= nodeBytes(above, name);
    if (count === limit || room < 0 || (count > 0 && pacer.elapsed() > context.pageMs)) {
      next = last;
      break;
    }
    count++;
    last = above.length === 0 ? name : `${above.join("/")}/${name}`;
    const isDirectory = type === "directory";
    childrenAt(tree, above).push({ name, type, ...(isDirectory ? { children: [] } : {}) });
  }
  const children = tree.children ?? [];
  const gap = describeGaps(gaps);
  if (gap !== "") children.push({ name: gap, type: "note" });
  if (next !== undefined) children.push({ name: `[cut after ${count} entries]`, type: "note" });
  const content = JSON.stringify(children, null, 2);
  return next === undefined ? { content } : { content, nextCursor: encodeCursor(query, { path: next, at: 0 }) };
}

/** The children of the directory `above`; a page that begins below it shows it again, as the way there. */
function childrenAt(tree: Node, above: readonly string[]): Node[] {
  let at = tree.children ?? [];
  for (const name of above) {
    // A walk goes in order, so the way leads over the last child, or is not there yet.
    let node = at.at(-1);
    if (node?.name !== name || node.children === undefined) {
      node = { name, type: "directory", children: [] };
      at.push(node);
    }
    at = node.children ?? [];
  }
  return at;
}

/** An upper bound of what a node adds to the JSON: five lines with their indentation, and a name that may need escapes. */
function nodeBytes(above: readonly string[], name: string): number {
  return 5 * (4 * above.length + 8) + 40 + Buffer.byteLength(name) * 2;
}
