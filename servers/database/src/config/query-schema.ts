import { z } from "zod";
import { sourceName } from "./source-schema.ts";

const description = z.string().min(1).max(2000);
const about = {
  description: description.exactOptional().describe("What it means, for the model."),
  optional: z.boolean().default(false).describe("May be left out; NULL is bound then."),
};

const param = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("string").describe("Text."),
    maxLength: z.int().min(1).max(100_000).default(1000).describe("Most characters."),
    enum: z.array(z.string().max(1000)).min(1).max(1000).exactOptional().describe("The only values accepted."),
    default: z.string().exactOptional().describe("Value where it is left out."),
    ...about,
  }),
  z.strictObject({
    type: z.enum(["integer", "number"]).describe("A number; an integer has no fraction."),
    min: z.number().exactOptional().describe("Least value."),
    max: z.number().exactOptional().describe("Greatest value."),
    default: z.number().exactOptional().describe("Value where it is left out."),
    ...about,
  }),
  z.strictObject({
    type: z.literal("boolean").describe("true or false."),
    default: z.boolean().exactOptional().describe("Value where it is left out."),
    ...about,
  }),
  z.strictObject({
    type: z.enum(["date", "timestamp"]).describe("2026-01-31, or 2026-01-31T12:00:00Z."),
    default: z.string().exactOptional().describe("Value where it is left out."),
    ...about,
  }),
]);
export type ParamConfig = z.output<typeof param>;

/** Arguments that every saved query has of its own. */
export const RESERVED_PARAMS: readonly string[] = ["limit", "cursor"];

export const queryConfig = z.strictObject({
  source: sourceName.exactOptional().describe("Which source it asks. Default: the only one."),
  sql: z.string().min(1).max(100_000).describe("One statement. Parameters are ?1, ?2 (SQLite) or $1, $2 (PostgreSQL)."),
  description: description.describe("What it answers, for the model."),
  params: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-zA-Z0-9_]{0,63}$/, "a plain name")
        .refine((name) => !RESERVED_PARAMS.includes(name), "limit and cursor are arguments of every saved query"),
      param,
    )
    .default({})
    .describe("Parameters by name; the first is ?1 or $1. Bound, never put into the text."),
  scope: z.string().min(1).max(128).exactOptional().describe("Scope a caller must hold. Default: database:query:NAME."),
  maxRows: z.int().min(1).max(100_000).exactOptional().describe("Rows in one page; never more than the source's own."),
  changes: z
    .boolean()
    .default(false)
    .describe(
      "It changes data. Such a query is a tool only with --allow-write; the database says whether it adds or destroys.",
    ),
  everyRow: z.boolean().default(false).describe("A change that touches every row of its table is meant."),
});
export type QueryConfig = z.output<typeof queryConfig>;
