import { projectConfig } from "@hardened-mcp/server/config";
import { z } from "zod";

const database = z.strictObject({
  file: z.string().min(1).describe("SQLite file, relative to the project's folder."),
  sample: z.string().min(1).exactOptional().describe("SQL that makes the file where there is none. Default: an error."),
  timeoutMs: z.int().min(1).max(60_000).default(5000).describe("Milliseconds one statement may run."),
  maxRows: z.int().min(1).max(10_000).default(200).describe("Rows in one page of an answer."),
});

/** What can be set in server.config.json; every key needs a description and, where there is one, a safe default. */
export const config = projectConfig({
  database: database.describe("The database that is served. It is not `state`, which is this server's own."),
}).describe("Configuration of my-server.");

export type Config = z.output<typeof config>;
