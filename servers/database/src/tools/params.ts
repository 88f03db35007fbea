import type { SqlParam } from "@hardened-mcp/safe-sql";
import { z } from "zod";

/** Parameters of a statement as JSON has them. */
export const paramsArgument = z
  .array(
    z.union([
      z.null(),
      z.boolean(),
      z.number(),
      z.string().max(1_000_000),
      z.strictObject({ base64: z.base64().max(1_400_000) }),
    ]),
  )
  .max(1000)
  .default([])
  .describe(
    "Bound in order to ? (SQLite) or $1 (PostgreSQL). An integer past 2^53 as its digits, bytes as {base64}.",
  ) satisfies z.ZodType<readonly SqlParam[]>;
