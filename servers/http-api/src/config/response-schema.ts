import { z } from "zod";
import { headerName } from "./words.ts";

/** Keys of a JSON value from the outside in; `*` is every element of an array or every key. */
const jsonPath = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^.[\]]+(?:\.[^.[\]]+)*$/, "keys joined by dots, * for every element: items.*.email");

const parts = {
  contentTypes: z
    .array(z.string().regex(/^[a-z0-9.+-]+\/(?:\*|(?:\*\+)?[a-z0-9.+-]+)$/, "such as text/plain or application/*+json"))
    .min(1)
    .max(64)
    .describe("Media types that are read. Anything else is refused before its body is."),
  headers: z.array(headerName).max(64).describe("Headers that are shown. Set-Cookie never is."),
  onMismatch: z
    .enum(["mark", "refuse"])
    .describe("What becomes of a body that does not fit its schema: shown with a note, or refused."),
  undeclared: z.enum(["drop", "keep"]).describe("What becomes of keys that the response schema does not declare."),
  fields: z.array(jsonPath).min(1).max(256).describe("Only these parts of a body leave. Default: all."),
  mask: z
    .array(
      z.strictObject({
        field: jsonPath.describe("Which part. Lists on the way are stepped through, with or without *."),
        as: z
          .enum(["null", "fixed", "hash"])
          .default("fixed")
          .describe("null, ***, or a keyed digest that is equal for equal values."),
      }),
    )
    .max(256)
    .describe("Parts of a body that are masked."),
  errorBodies: z
    .boolean()
    .describe(
      "Whether bodies of 4xx and 5xx answers are shown, cleaned and capped like any other. They often hold internals.",
    ),
};

export const responseConfig = z
  .strictObject({
    contentTypes: parts.contentTypes.default([
      "application/json",
      "application/*+json",
      "text/plain",
      "text/csv",
      "text/markdown",
      "text/html",
    ]),
    headers: parts.headers.default(["content-type", "etag", "last-modified", "location", "retry-after"]),
    onMismatch: parts.onMismatch.default("mark"),
    undeclared: parts.undeclared.default("drop"),
    fields: parts.fields.exactOptional(),
    mask: parts.mask.default([]),
    errorBodies: parts.errorBodies.default(false),
  })
  .describe("What leaves of an answer.");
export type ResponseConfig = z.output<typeof responseConfig>;

/**
 * What one operation says in place of its API. Without defaults: zod fills those in also where a key is optional, and an operation that
 * says something of its headers would lose the masks of its API.
 */
export const responseOverride = z
  .strictObject({
    contentTypes: parts.contentTypes.exactOptional(),
    headers: parts.headers.exactOptional(),
    onMismatch: parts.onMismatch.exactOptional(),
    undeclared: parts.undeclared.exactOptional(),
    fields: parts.fields.exactOptional(),
    mask: parts.mask.exactOptional(),
    errorBodies: parts.errorBodies.exactOptional(),
  })
  .describe("What leaves of an answer, in place of what the API says.");
export type ResponseOverride = z.output<typeof responseOverride>;
