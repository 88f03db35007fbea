import { isPlainRows, type ResultPage, readCellRows, writtenRows } from "@hardened-mcp/safe-sql";
import { guarded, written } from "@hardened-mcp/server";
import { z } from "zod";

const COLUMN_TYPES = [
  "boolean",
  "integer",
  "decimal",
  "float",
  "text",
  "blob",
  "date",
  "time",
  "timestamp",
  "json",
  "uuid",
  "array",
  "any",
] as const;

export const columnType = z.enum(COLUMN_TYPES);

const scalar = [z.null(), z.boolean(), z.number(), z.string()] as const;
// Short, since it stands in the listing of every tool that answers rows; readCellRows is stricter.
const blob = z.strictObject({ base64: z.string(), bytes: z.number().optional() });
const cell: z.ZodType = z.lazy(() => z.union([...scalar, blob, z.array(cell)]));

/** Rows as clients see them described; held against `readCellRows` by a test. */
export const cellRows = z.array(z.array(cell));

/** Where a page says that it is not the whole; one of our own sentences, so that no cell can pass for it. */
const NOTES = {
  more: "There is more: repeat the call with cursor set to nextCursor.",
  cut: "Some cells were cut.",
  both: "There is more: repeat the call with cursor set to nextCursor. Some cells were cut.",
} as const;

/** A page of rows. The large part is checked by a loop written for it; the schema is what clients see. */
export const resultSchema = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: guarded(cellRows, readCellRows, isPlainRows),
  rowCount: z.int().min(0).describe("Rows in this answer."),
  cutCells: z.int().min(1).optional().describe("Cells that were too long and end in a mark."),
  note: z.enum(NOTES).optional(),
  // A pattern, so that an answer which is too large is refused and not cut here.
  nextCursor: z
    .string()
    .max(16_384)
    .regex(/^[!-~]+$/)
    .optional()
    .describe("Only where there is more."),
});
export type Result = z.input<typeof resultSchema>;

/** A page as a client gets it. */
export function toResult(page: ResultPage): Result {
  const { columns, cutCells, nextCursor } = page;
  const asText = writtenRows(page);
  const note =
    nextCursor === undefined ? (cutCells > 0 ? NOTES.cut : undefined) : cutCells > 0 ? NOTES.both : NOTES.more;
  return {
    columns: columns as Result["columns"],
    rows: asText === undefined ? (page.rows as Result["rows"]) : written<Result["rows"]>(asText.json),
    rowCount: asText?.count ?? page.rows.length,
    ...(cutCells > 0 ? { cutCells } : {}),
    ...(note === undefined ? {} : { note }),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}
