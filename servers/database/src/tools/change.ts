import type { ChangeForecast, ChangeResult } from "@hardened-mcp/safe-sql";
import type { Effect } from "@hardened-mcp/server";
import { z } from "zod";
import { resultSchema, toResult } from "./result.ts";

/** What a change has done. */
export const changeSchema = z.strictObject({
  statement: z.enum(["insert", "update", "delete"]),
  table: z.string(),
  changedRows: z.int().min(0),
  estimatedRows: z.number().optional().describe("What was expected before it ran."),
  returned: resultSchema.optional().describe("Rows of RETURNING."),
});

export function toChange({ statement, table, changedRows, estimatedRows, returned }: ChangeResult) {
  return {
    statement,
    table,
    changedRows,
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    ...(returned === undefined ? {} : { returned: toResult(returned) }),
  } satisfies z.input<typeof changeSchema>;
}

/** What the call was decided as: the source does nothing else, whatever has become of the schema meanwhile. */
export function expectedOf(effect: Effect): ChangeForecast["effect"] {
  if (effect === "write" || effect === "destroy") return effect;
  throw new TypeError(`a change was decided as ${effect}`);
}
