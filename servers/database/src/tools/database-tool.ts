import { defineTool, type ToolDefinition, type ToolSpec } from "@hardened-mcp/server";
import { z } from "zod";
import { READ_SCOPE } from "../context.ts";
import { answering, SQL_ERRORS } from "../errors.ts";

type DatabaseToolSpec<Input extends z.ZodObject, Output extends z.ZodType> = Omit<
  ToolSpec<Input, Output, typeof SQL_ERRORS>,
  "effect" | "scope" | "errors"
> &
  Partial<Pick<ToolSpec<Input, Output, typeof SQL_ERRORS>, "effect" | "scope">>;

/** `defineTool` for this server: a read under one scope unless it says otherwise, with one catalogue of errors. */
export function databaseTool<Input extends z.ZodObject, Output extends z.ZodType>(
  spec: DatabaseToolSpec<Input, Output>,
): ToolDefinition {
  const { effectOf } = spec;
  return defineTool({
    effect: "read",
    scope: READ_SCOPE,
    ...spec,
    errors: SQL_ERRORS,
    ...(effectOf === undefined
      ? {}
      : {
          effectOf: (args: z.output<Input>, call: Parameters<typeof effectOf>[1]) =>
            answering(() => effectOf(args, call)),
        }),
    run: (args: z.output<Input>, call) => answering(() => spec.run(args, call)),
  });
}

/** A table as every tool takes it: looked up in the catalogue, never put into SQL. */
export const tableArgument = z.string().min(1).max(256).describe("As list_tables names it.");

/** Bounds are the source's: whatever is asked for, it gives no more. */
export const sqlArgument = (description: string) => z.string().min(1).max(1_000_000).describe(description);
export const limitArgument = z.int().min(1).max(100_000).optional();
export const cursorArgument = z.string().max(16_384).optional().describe("nextCursor of the page before.");
export const timeoutArgument = z
  .int()
  .min(1)
  .max(3_600_000)
  .optional()
  .describe("Milliseconds; never more than the source allows.");
