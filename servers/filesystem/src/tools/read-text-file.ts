import type { OpenFile } from "@hardened-mcp/safe-path";
import type { ToolDefinition } from "@hardened-mcp/server";
import { z } from "zod";
import type { FilesContext } from "../context.ts";
import { FileError } from "../errors.ts";
import { readBytes, readSmall } from "../read/bytes.ts";
import { readRange } from "../read/range.ts";
import { withScratch } from "../read/scratch.ts";
import { readTail } from "../read/tail.ts";
import { decodeText } from "../read/text.ts";
import { inRoots } from "../roots/in-roots.ts";
import { fileTool, pathArgument, WHOLE_FILE_LIMITS } from "./file-tool.ts";

const line = z.int().min(1).max(1_000_000_000).optional();
// 0 is "not given", as in the official server: models that fill in every argument send `head: 0, tail: 0`.
const count = z.int().min(0).max(1_000_000_000).optional();

const input = z.strictObject({
  path: pathArgument,
  head: count.describe("Only the first N lines"),
  tail: count.describe("Only the last N lines"),
  startLine: line.describe("From this line (1-based)"),
  endLine: line.describe("To this line, inclusive"),
});
type Args = z.output<typeof input>;

/** Reads a file, or some lines of it, as text. */
export function readTextFile(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "read_text_file",
    title: "Read Text File",
    description: "Read a UTF-8 text file: whole, its first (head) or last (tail) lines, or startLine to endLine.",
    input,
    audit: { path: context.auditPaths },
    limits: WHOLE_FILE_LIMITS,
    output: z.string(),
    run: (args, call) => read(context, args, call.signal),
  });
}

/** The older name of {@link readTextFile}, which clients of the official server still call. */
export function readFile(context: FilesContext): ToolDefinition {
  return fileTool({
    name: "read_file",
    title: "Read File (Deprecated)",
    description: "Deprecated: use read_text_file.",
    input,
    audit: { path: context.auditPaths },
    limits: WHOLE_FILE_LIMITS,
    output: z.string(),
    run: (args, call) => read(context, args, call.signal),
  });
}

async function read(context: FilesContext, args: Args, signal: AbortSignal): Promise<string> {
  const isPart = checkChoice(args);
  const limit = isPart ? {} : { maxBytes: context.maxReadBytes };
  using file = inRoots(context.roots, args.path, (root, path) => root.openFile(path, limit));
  return isPart ? await readPart(context, file, args, signal) : await readWhole(file, context.maxResultBytes, signal);
}

/** The whole text, cut visibly where an answer cannot hold it. @throws {FileError} `not_text` */
export async function readWhole(file: OpenFile, maxBytes: number, signal: AbortSignal): Promise<string> {
  const { size } = file.stat;
  if (size > maxBytes) return await readRange(file, 1, undefined, maxBytes, signal);
  const small = readSmall(file, size);
  if (small !== undefined) return decodeText(small);
  return await withScratch(size, async (buffer) => decodeText(await readBytes(file, 0, size, signal, buffer)));
}

async function readPart(context: FilesContext, file: OpenFile, args: Args, signal: AbortSignal): Promise<string> {
  const { maxResultBytes } = context;
  if (args.tail) return await readTail(file, args.tail, maxResultBytes, signal);
  if (args.head) return await readRange(file, 1, args.head, maxResultBytes, signal);
  return await readRange(file, args.startLine ?? 1, args.endLine, maxResultBytes, signal);
}

/** @returns whether a part is asked for. @throws {FileError} `line_choice` */
function checkChoice({ head, tail, startLine, endLine }: Args): boolean {
  const isRange = startLine !== undefined || endLine !== undefined;
  const choices = Number(Boolean(head)) + Number(Boolean(tail)) + Number(isRange);
  if (choices > 1 || (endLine !== undefined && endLine < (startLine ?? 1))) throw new FileError("line_choice");
  return choices === 1;
}
