import { type CallLimits, defineTool, type ToolDefinition, type ToolSpec } from "@hardened-mcp/server";
import { z } from "zod";
import { READ_SCOPE } from "../context.ts";
import { answering, FILE_ERRORS } from "../errors.ts";

type FileToolSpec<Input extends z.ZodObject, Output extends z.ZodType> = Omit<
  ToolSpec<Input, Output, typeof FILE_ERRORS>,
  "effect" | "scope" | "errors"
>;

/** `defineTool` for this server: a read, under one scope, with one catalogue of errors. */
export function fileTool<Input extends z.ZodObject, Output extends z.ZodType>(
  spec: FileToolSpec<Input, Output>,
): ToolDefinition {
  return defineTool({
    ...spec,
    effect: "read",
    scope: READ_SCOPE,
    errors: FILE_ERRORS,
    run: (args: z.output<Input>, call) => answering(call, () => spec.run(args, call)),
  });
}

/**
 * Bounds of the tools whose answers are whole files: few at once, since each holds its file in memory several times over
 * on its way, and the disk is no faster for more of them.
 */
export const WHOLE_FILE_LIMITS: CallLimits = { concurrency: 4 };

/** A path as every tool takes it; its checks are safe-path's, not the schema's. */
export const pathArgument = z.string();

/** Most entries or matches a caller may ask for in one page. */
export const MAX_PAGE = 10_000;

export const pageArguments = (limit: number) => ({
  limit: z.int().min(1).max(MAX_PAGE).default(limit),
  cursor: z.string().max(16_384).optional().describe("nextCursor of the page before"),
});

/** An answer in pages. `content` is the text, in the words of the official server. */
export const pageOutput = z.strictObject({ content: z.string(), nextCursor: z.string().optional() });
export type Page = z.output<typeof pageOutput>;

/** The text a model reads: the page, and how to go on. */
export function presentPage({ content, nextCursor }: Page): string {
  return nextCursor === undefined ? content : `${content}\n\nThere is more. Repeat with cursor: ${nextCursor}`;
}

/** Room left for what {@link presentPage} adds: the longest cursor and a sentence. */
export const PAGE_TAIL_BYTES = 16_384;
