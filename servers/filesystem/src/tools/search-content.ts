import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import type { FileCall } from "../errors.ts";
import { compileExcludes, compileInclude } from "../glob/excludes.ts";
import { ignoreCaseMatcher, type LineMatcher, literalMatcher, refuseNewline } from "../search/line-matcher.ts";
import { openSearch } from "../search/open-search.ts";
import { regexMatcher } from "../search/regex-matcher.ts";
import { searchFile } from "../search/search-file.ts";
import { createPacer } from "../walk/pacer.ts";
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
import { excludeArgument } from "./search-files.ts";

const input = z.strictObject({
  path: pathArgument,
  pattern: z.string().min(1).max(1024),
  regex: z.boolean().default(false).describe("pattern is an RE2 regular expression"),
  ignoreCase: z.boolean().default(false),
  include: z.string().optional().describe("Glob of files to search, e.g. *.ts"),
  excludePatterns: excludeArgument,
  context: z.int().min(0).max(20).default(0).describe("Lines shown around each match"),
  ...pageArguments(200),
});
type Args = z.output<typeof input>;

/** Finds lines by what they hold. */
export function searchContent(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "search_content",
    title: "Search Content",
    description:
      "Find lines in text files below a directory, or in one file. Answers each file's path, then line:text.",
    input,
    audit: { path: context.auditPaths, pattern: "hash" },
    limits: context.walkLimits,
    output: pageOutput,
    present: presentPage,
    run: (args, call) => search(context, args, call),
  });
}

async function search(context: FilesContext, args: Args, call: FileCall): Promise<Page> {
  const { limit, cursor, context: around, ...query } = args;
  const resume = decodeCursor(cursor, query);
  const matcher = await matcherFor(args);
  const gaps = { unopened: 0, cut: 0 };
  const leaveOut = compileExcludes(args.excludePatterns);
  const include = compileInclude(args.include);
  using opened = openSearch(context, args.path, { leaveOut, include, gaps, resume: resume?.path });
  const pacer = createPacer(call.signal);
  const maxLength = (context.maxResultBytes - PAGE_TAIL_BYTES) / 3;

  const blocks: string[] = [];
  let length = 0;
  let found = 0;
  let files = 0;
  for (const target of opened.targets) {
    if (pacer.due()) await pacer.rest();
    const afterLine = target.path === resume?.path ? resume.at : 0;
    if (pacer.elapsed() > context.pageMs && files > 0) {
      return finishPage(blocks.join("\n\n"), gaps, query, { path: target.path, at: afterLine });
    }
    call.progress(files++, undefined, `${files} files searched`);
    const result = await searchFile(context, target, matcher, {
      around,
      afterLine,
      most: limit - found,
      pacer,
      signal: call.signal,
    });
    if (result === undefined) continue;
    if (result.count > 0) {
      const block = `${opened.base}${target.path === "" ? "" : `/${target.path}`}\n${result.text}`;
      blocks.push(block);
      length += block.length;
      found += result.count;
    }
    const full = found === limit || length > maxLength;
    if (full || result.lastLine !== undefined) {
      // A whole file searched counts as done from a line that none has.
      const at = result.lastLine ?? Number.MAX_SAFE_INTEGER;
      return finishPage(blocks.join("\n\n"), gaps, query, { path: target.path, at });
    }
  }
  return finishPage(blocks.length === 0 ? NOTHING : blocks.join("\n\n"), gaps, query, undefined);
}

async function matcherFor({ pattern, regex, ignoreCase }: Args): Promise<LineMatcher> {
  refuseNewline(pattern);
  if (regex) return await regexMatcher(pattern, ignoreCase);
  return ignoreCase ? ignoreCaseMatcher(pattern) : literalMatcher(pattern);
}
