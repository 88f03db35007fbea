import { commonKeys, limitsConfig } from "@hardened-mcp/server/config";
import { z } from "zod";
import { queryConfig } from "./query-schema.ts";
import { sourceConfig, sourceName } from "./source-schema.ts";

const toolName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, "lower-case words joined by _");

/** The whole configuration; every key has a description and, but for the sources, a safe default. */
export const configSchema = z
  .strictObject({
    sources: z.record(sourceName, sourceConfig).default({}).describe("Databases by name; nothing else is reached."),
    freeSql: z
      .boolean()
      .default(true)
      .describe("Whether callers write SQL: query, explain_query and execute. false: saved queries only."),
    queries: z
      .record(toolName, queryConfig)
      .default({})
      .describe("Saved queries by name; each is a tool of its own, with typed arguments and its own scope."),
    limits: limitsConfig("Bytes of text in one answer.").prefault({}).describe("Bounds of every call."),
    markUntrusted: z
      .boolean()
      .default(true)
      .describe("Wrap what comes out of a database in a mark that says it is data, not instructions."),
    ...commonKeys,
    auditSql: z
      .enum(["hash", "plain"])
      .default("hash")
      .describe(
        "What audit records show of a statement. hash: a keyed digest, and nothing of saved queries. plain: its text, values in it included.",
      ),
    allowWrite: z.boolean().default(false).describe("Open sources for changes. On the command line only."),
  })
  .describe("Configuration of hardened-mcp-database.");

/** What the server runs with. */
export type DatabaseConfig = z.output<typeof configSchema>;
