import { z } from "zod";
import { responseOverride } from "./response-schema.ts";
import { description, headerName, operationName, toolName, whole } from "./words.ts";

const selection = z
  .strictObject({
    ids: z.array(operationName).max(5000).default([]).describe("operationId, or METHOD /path where there is none."),
    tags: z.array(z.string().min(1).max(256)).max(1000).default([]).describe("Tags."),
    paths: z
      .array(z.string().min(1).max(1024).startsWith("/"))
      .max(5000)
      .default([])
      .describe("Path templates as the document writes them; /users/* is everything below /users."),
  })
  .describe("Operations; one that is named in any of the lists is meant.");

const pagination = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("link").describe("Link header with rel=next (RFC 8288).") }),
    z.strictObject({
      type: z.literal("cursor").describe("A cursor in the body."),
      from: z.array(z.string().min(1).max(256)).min(1).max(16).describe("Keys that lead to it."),
      argument: z.string().min(1).max(64).describe("Argument that takes it."),
    }),
    z.strictObject({
      type: z.enum(["page", "offset"]).describe("A number of a page, or of elements to skip."),
      argument: z.string().min(1).max(64).describe("Argument that takes it."),
      sizeArgument: z
        .string()
        .min(1)
        .max(64)
        .exactOptional()
        .describe("Argument with the size of a page; offset needs it."),
    }),
  ])
  .describe("How the next page is asked for.");

const effect = z.enum(["write", "destroy", "external"]);

/** What an operator says of one operation; wins over the document. */
export const operationConfig = z.strictObject({
  tool: toolName.exactOptional().describe("Name of the tool. Default: made from the operationId."),
  title: z.string().min(1).max(128).exactOptional().describe("For people."),
  description: description.exactOptional().describe("For the model, in place of the document's."),
  effect: effect
    .exactOptional()
    .describe("Default: POST, PUT and PATCH write, DELETE destroys. external: it reaches people or money outside."),
  scope: z
    .string()
    .min(1)
    .max(128)
    .exactOptional()
    .describe("Scope a caller must hold. Default: http:read, or http:write."),
  idempotencyHeader: headerName
    .exactOptional()
    .describe("Header that makes a retry safe, where the API has one, such as Idempotency-Key."),
  slashes: z
    .enum(["refuse", "encode"])
    .exactOptional()
    .describe(
      "A slash in a value of the path. encode: sent as %2F, for APIs that want it (group%2Fproject); a proxy that decodes it first takes it for a separator. Default: refuse.",
    ),
  pagination: pagination.exactOptional(),
  deadlineMs: whole(600_000).exactOptional().describe("Milliseconds a call may take."),
  response: responseOverride.exactOptional().describe("In place of the API's."),
});
export type OperationConfig = z.output<typeof operationConfig>;

export const selectionConfig = z
  .strictObject({
    allow: selection.exactOptional().describe("Default: every operation that reads."),
    deny: selection.exactOptional().describe("Taken away again."),
    write: z
      .array(operationName)
      .max(1000)
      .default([])
      .describe("Operations that change something: operationId, or METHOD /path. Tools only with --allow-write."),
    set: z
      .record(operationName, operationConfig)
      .default({})
      .describe("Single operations, by operationId or METHOD /path."),
  })
  .describe("Which operations become tools.");
export type SelectionConfig = z.output<typeof selectionConfig>;

/** JSON Schema as it is; what it may hold is checked when it is compiled. */
const jsonSchema = z.record(z.string(), z.json());

const parameter = z.strictObject({
  in: z
    .enum(["path", "query", "header"])
    .default("query")
    .describe("Where it goes. Every {name} of the path needs one in path."),
  name: z.string().min(1).max(256).exactOptional().describe("Its name on the wire. Default: that of the argument."),
  required: z.boolean().exactOptional().describe("Default: true in the path, else false."),
  description: description.exactOptional().describe("What it means, for the model."),
  schema: jsonSchema.describe("JSON Schema of its values."),
  explode: z.boolean().exactOptional().describe("As in OpenAPI."),
});

/** An operation written by hand, for an API without a document. */
export const handwrittenConfig = z.strictObject({
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET").describe("HTTP method."),
  path: z.string().min(1).max(1024).startsWith("/").describe("Template below the base URL, such as /users/{id}."),
  description: description.describe("What it does, for the model."),
  params: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "a plain name"), parameter)
    .default({})
    .describe("Arguments by name."),
  body: z
    .strictObject({
      form: z.enum(["json", "urlencoded", "multipart", "text"]).default("json").describe("How it is written."),
      required: z.boolean().default(true).describe("Whether it may be left out."),
      schema: jsonSchema.describe("JSON Schema of the body."),
    })
    .exactOptional()
    .describe("The body: the argument `body`."),
  response: jsonSchema.exactOptional().describe("JSON Schema of the answer. Default: anything of an accepted type."),
  ...operationConfig.omit({ tool: true, description: true, response: true }).shape,
  output: responseOverride.exactOptional().describe("What leaves of an answer, in place of the API's."),
});
export type HandwrittenConfig = z.output<typeof handwrittenConfig>;
