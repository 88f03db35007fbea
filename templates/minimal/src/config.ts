import { projectConfig } from "@hardened-mcp/server/config";
import { z } from "zod";

/** What can be set in server.config.json; every key needs a description and, where there is one, a safe default. */
export const config = projectConfig({
  notesFile: z.string().min(1).max(4096).default("data/notes.json").describe("The notes, in one JSON file."),
  maxNotes: z.int().min(1).max(10_000).default(1000).describe("Notes that are kept at most."),
  maxBytes: z
    .int()
    .min(1024)
    .max(16 * 1024 * 1024)
    .default(1024 * 1024)
    .describe("Bytes that the file has at most. A larger one is not read, and no note is added that would make it so."),
}).describe("Configuration of my-server.");

export type Config = z.output<typeof config>;
