import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import type { FileCall } from "../errors.ts";
import { compileExcludes } from "../glob/excludes.ts";
import { compileGlob } from "../glob/glob.ts";
import { absolutePath, inRoots } from "../roots/in-roots.ts";
import { createPacer } from "../walk/pacer.ts";
import { walk } from "../walk/walk.ts";
import { decodeCursor } from "./cursor.ts";
import {
  fileTool,
  PAGE_TAIL_BYTES,
  type Page,
  pageArguments,
  pageOutput,
  pathArgument,
  presentPage,
} from "./file-tool.ts";
import { finishPage, NOTHING } from "./page-text.ts";

export const excludeArgument = z.array(z.string()).max(32).default([]);

const input = z.strictObject({
  path: pathArgument,
  pattern: z.string().describe("Glob on the path below `path`: *.ts here, **/*.ts at any depth"),
  excludePatterns: excludeArgument.describe("Globs to leave out; a plain name at any depth"),
  ...pageArguments(2000),
});
type Args = z.output<typeof input>;

/** Finds files and directories by name. */
export function searchFiles(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "search_files",
    title: "Search Files",
    description: "Find files and directories whose path matches a glob; one full path per line.",
    input,
    audit: { path: context.auditPaths, pattern: "hash" },
    limits: context.walkLimits,
    output: pageOutput,
    present: presentPage,
    run: (args, call) => search(context, args, call),
  });
}

async function search(context: FilesContext, args: Args, call: FileCall): Promise<Page> {
  const { path, pattern, excludePatterns, limit, cursor } = args;
  const query = ["search_files", path, pattern, excludePatterns];
  const after = decodeCursor(cursor, query)?.path.split("/");
  const glob = compileGlob(pattern);
  const leaveOut = compileExcludes(excludePatterns);
  const { base, directory } = inRoots(context.roots, path, (root, inside) => {
    const opened = root.openDirectory(inside);
    return { base: absolutePath(root, opened.path), directory: opened };
  });
  using start = directory;
  const pacer = createPacer(call.signal);
  const gaps = { unopened: 0, cut: 0 };
  const maxLength = (context.maxResultBytes - PAGE_TAIL_BYTES) / 3;

  let lines = "";
  let found = 0;
  let seen = 0;
  let last = "";
  for (const { above, name } of walk(start, { after, leaveOut, list: context.list, gaps })) {
    if (pacer.due()) {
      await pacer.rest();
      call.progress(seen, undefined, `${seen} entries looked at`);
    }
    // Asked before an entry is taken, so that the cursor's path is one that was dealt with.
    if (found === limit || lines.length > maxLength || (last !== "" && pacer.elapsed() > context.pageMs)) {
      return finishPage(lines, gaps, query, { path: last, at: 0 });
    }
    seen++;
    last = above.length === 0 ? name : `${above.join("/")}/${name}`;
    if (!glob.matches(above, name)) continue;
    lines += `${found === 0 ? "" : "\n"}${base}/${last}`;
    found++;
  }
  return finishPage(found === 0 ? NOTHING : lines, gaps, query, undefined);
}
